import assert from 'node:assert/strict'
import test from 'node:test'
import { encode } from '../src/qr/encode.js'
import { MASKS } from '../src/qr/masks.js'
import { multiply } from '../src/qr/reed-solomon.js'
import { svg } from '../src/qr/svg.js'
import { terminal } from '../src/qr/terminal.js'
import { versionOf } from '../src/qr/versions.js'

/**
 * Reads a code back as a reader would that sees no fault in it: format, mask, codewords, correction, text.
 *
 * @param {boolean[][]} modules
 */
function decode(modules) {
  const size = modules.length
  const version = versionOf((size - 17) / 4)
  const bit = (/** @type {number} */ y, /** @type {number} */ x) => (modules[y][x] ? 1 : 0)
  const formatAt = [0, 1, 2, 3, 4, 5].map((i) => [i, 8]).concat([[7, 8], [8, 8], [8, 7]], [9, 10, 11, 12, 13, 14].map((i) => [8, 14 - i]))
  const format = formatAt.reduce((sum, [y, x], i) => sum | (bit(y, x) << i), 0) ^ 0x5412
  assert.equal(format >>> 13, 0b01, 'level L')
  const mask = MASKS[(format >>> 10) & 7]

  const isPattern = (/** @type {number} */ y, /** @type {number} */ x) => {
    const corner = (y < 9 && (x < 9 || x >= size - 8)) || (y >= size - 8 && x < 9)
    const near = (/** @type {number} */ at, /** @type {number} */ centre) => Math.abs(at - centre) <= 2
    const last = version.alignments.at(-1)
    const alignment = version.alignments.some((cy) => version.alignments.some((cx) =>
      near(y, cy) && near(x, cx) && !((cy === 6 && (cx === 6 || cx === last)) || (cy === last && cx === 6))))
    const number = size >= 45 && ((y < 6 && x >= size - 11) || (x < 6 && y >= size - 11))
    return corner || alignment || number || y === 6 || x === 6
  }
  const bits = []
  for (let right = size - 1, isUpward = true; right > 0; right -= right === 8 ? 3 : 2, isUpward = !isUpward) {
    for (let step = 0; step < size; step += 1) {
      const y = isUpward ? size - 1 - step : step
      for (const x of [right, right - 1]) if (!isPattern(y, x)) bits.push(bit(y, x) ^ (mask(y, x) ? 1 : 0))
    }
  }
  const words = Array.from({ length: version.codewords }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8).join(''), 2))
  return text(blocksOf(words, version), version)
}

/** @param {number[]} words @param {import('../src/qr/versions.js').Version} version */
function blocksOf(words, version) {
  const { blocks, correctionCodewords, dataCodewords } = version
  const short = Math.floor(dataCodewords / blocks)
  const lengths = Array.from({ length: blocks }, (_, i) => short + (i >= blocks - (dataCodewords % blocks) ? 1 : 0))
  /** @type {number[][]} */
  const made = lengths.map(() => [])
  let at = 0
  for (let i = 0; i <= short; i += 1) for (const [b, length] of lengths.entries()) if (i < length) made[b].push(words[at++])
  const data = made.map((block) => [...block])
  for (let i = 0; i < correctionCodewords; i += 1) for (const block of made) block.push(words[at++])
  for (const block of made) {
    // A block without faults is a multiple of the generator: it is zero at each of its roots.
    for (let root = 0, x = 1; root < correctionCodewords; root += 1, x = multiply(x, 2)) {
      assert.equal(block.reduce((sum, word) => multiply(sum, x) ^ word, 0), 0, `syndrome ${root}`)
    }
  }
  return data.flat()
}

/** @param {number[]} data @param {import('../src/qr/versions.js').Version} version */
function text(data, version) {
  const bits = data.map((word) => word.toString(2).padStart(8, '0')).join('')
  assert.equal(bits.slice(0, 4), '0100', 'byte mode')
  const length = parseInt(bits.slice(4, 4 + version.lengthBits), 2)
  const start = 4 + version.lengthBits
  const bytes = Array.from({ length }, (_, i) => parseInt(bits.slice(start + i * 8, start + i * 8 + 8), 2))
  const rest = bits.slice(start + length * 8)
  assert.match(rest.slice(0, 4), /^0*$/, 'terminator')
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

for (let number = 1; number <= 40; number += 1) {
  test(`a text that fills version ${number} can be read back, and so can one a byte shorter`, () => {
    const { dataCodewords, lengthBits, size } = versionOf(number)
    const most = Math.floor((dataCodewords * 8 - 4 - lengthBits) / 8)
    for (const length of [most, most - 1]) {
      const given = Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * 7 + number) % 90))).join('')
      const modules = encode(given)
      assert.equal(modules.length, size)
      assert.equal(decode(modules), given)
    }
  })
}

test('what WhatsApp has scanned can be read back', () => {
  const given = `https://wa.me/settings/linked_devices#2@${'Ab3/'.repeat(40)},${'x+Y='.repeat(11)},${'Zz9='.repeat(11)},${'Q1w2'.repeat(11)},1`
  assert.equal(decode(encode(given)), given)
  assert.equal(decode(encode('שלום')), 'שלום')
})

test('version 1 is drawn as another program draws it', () => {
  // segno 1.6 (PyPI): error='l', mode='byte', boost_error=False, micro=False, the same mask.
  const drawn = `
    111111101110001111111
    100000100001101000001
    101110100011001011101
    101110100101001011101
    101110100101001011101
    100000100110101000001
    111111101010101111111
    000000001000000000000
    110110100111001000001
    111101000100000000100
    100101100010101001011
    000001011000110100110
    111010100100010011011
    000000001000010010110
    111111100101100011000
    100000100000111001111
    101110101100000001001
    101110101001001000110
    101110100100110011111
    100000101011001101111
    111111101000011010000`
  const rows = encode('abcdefghijklmnopq').map((row) => row.map((isDark) => (isDark ? '1' : '0')).join(''))
  assert.deepEqual(rows, drawn.trim().split(/\s+/))
})

test('a text that is too long is refused', () => {
  assert.equal(encode('x'.repeat(2953)).length, 177)
  assert.throws(() => encode('x'.repeat(2954)), RangeError)
})

test('pictures have a border, and as many squares as dark modules', () => {
  const modules = encode('hello')
  const dark = modules.flat().filter(Boolean).length
  assert.equal(svg(modules).match(/h1v1h-1z/g)?.length, dark)
  assert.match(svg(modules), /viewBox="0 0 29 29"/)
  const lines = terminal(modules).trimEnd().split('\n')
  assert.equal(lines.length, 15)
  assert.ok(lines.every((line) => [...line].length === 29))
})
