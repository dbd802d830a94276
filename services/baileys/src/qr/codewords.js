import { correction } from './reed-solomon.js'

/**
 * A text's codewords in the order in which they are drawn: byte mode, padded, cut into blocks, interleaved, and each
 * block's correction after them (ISO/IEC 18004, 7.4 to 7.6).
 *
 * @param {Uint8Array} text
 * @param {import('./versions.js').Version} version
 * @returns {Uint8Array}
 */
export function codewords(text, version) {
  const data = dataCodewords(text, version)
  const short = Math.floor(version.dataCodewords / version.blocks)
  const longOnes = version.dataCodewords % version.blocks
  const blocks = []
  for (let index = 0, at = 0; index < version.blocks; index += 1) {
    const length = short + (index >= version.blocks - longOnes ? 1 : 0)
    blocks.push(data.subarray(at, at + length))
    at += length
  }
  const corrections = blocks.map((block) => correction(block, version.correctionCodewords))
  return Uint8Array.from([...interleaved(blocks), ...interleaved(corrections)])
}

/** @param {Uint8Array[]} blocks */
function* interleaved(blocks) {
  const longest = Math.max(...blocks.map((block) => block.length))
  for (let i = 0; i < longest; i += 1) for (const block of blocks) if (i < block.length) yield block[i]
}

/** @param {Uint8Array} text @param {import('./versions.js').Version} version */
function dataCodewords(text, version) {
  /** @type {number[]} */
  const bits = []
  const add = (/** @type {number} */ value, /** @type {number} */ count) => {
    for (let bit = count - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1)
  }
  add(0b0100, 4)
  add(text.length, version.lengthBits)
  for (const byte of text) add(byte, 8)
  const room = version.dataCodewords * 8
  add(0, Math.min(4, room - bits.length))
  while (bits.length % 8) bits.push(0)
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) add(pad, 8)
  const data = new Uint8Array(version.dataCodewords)
  bits.forEach((bit, i) => (data[i >> 3] |= bit << (7 - (i & 7))))
  return data
}
