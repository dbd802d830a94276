import { MASKS, penalty } from './masks.js'

/** Level L, as the format's two bits have it. */
const LEVEL = 0b01

/**
 * Draws the codewords of a version: patterns, format, data under the mask that is easiest to read.
 *
 * @param {Uint8Array} codewords
 * @param {import('./versions.js').Version} version
 * @returns {boolean[][]} rows of modules, true is dark
 */
export function draw(codewords, version) {
  const { size } = version
  const modules = Array.from({ length: size }, () => Array(size).fill(false))
  const taken = Array.from({ length: size }, () => Array(size).fill(false))
  const set = (/** @type {number} */ y, /** @type {number} */ x, /** @type {boolean} */ isDark) => {
    modules[y][x] = isDark
    taken[y][x] = true
  }
  drawPatterns(version, set)
  drawFormat(size, 0, set)
  if (version.number >= 7) drawVersion(version, set)
  drawData(codewords, modules, taken)

  const masked = MASKS.map((mask, number) => {
    const copy = modules.map((row, y) => row.map((isDark, x) => isDark !== (!taken[y][x] && mask(y, x))))
    drawFormat(size, number, (y, x, isDark) => (copy[y][x] = isDark))
    return { copy, cost: penalty(copy) }
  })
  return masked.reduce((best, one) => (one.cost < best.cost ? one : best)).copy
}

/**
 * @typedef {(y: number, x: number, isDark: boolean) => void} Set
 */

/** @param {import('./versions.js').Version} version @param {Set} set */
function drawPatterns({ size, alignments }, set) {
  for (const [top, left] of [[0, 0], [0, size - 7], [size - 7, 0]]) {
    for (let y = -1; y <= 7; y += 1) {
      for (let x = -1; x <= 7; x += 1) {
        if (top + y < 0 || top + y >= size || left + x < 0 || left + x >= size) continue
        const ring = Math.max(Math.abs(y - 3), Math.abs(x - 3))
        set(top + y, left + x, ring !== 2 && ring !== 4)
      }
    }
  }
  for (let i = 8; i < size - 8; i += 1) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  const last = alignments.length - 1
  alignments.forEach((cy, row) =>
    alignments.forEach((cx, column) => {
      const isFinder = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0)
      if (isFinder) return
      for (let y = -2; y <= 2; y += 1) {
        for (let x = -2; x <= 2; x += 1) set(cy + y, cx + x, Math.max(Math.abs(y), Math.abs(x)) !== 1)
      }
    }),
  )
}

/**
 * Level and mask, with their correction, twice: 7.9.
 *
 * @param {number} size
 * @param {number} mask
 * @param {Set} set
 */
function drawFormat(size, mask, set) {
  const data = (LEVEL << 3) | mask
  const bits = ((data << 10) | remainder(data, 10, 0x537)) ^ 0x5412
  const bit = (/** @type {number} */ i) => ((bits >>> i) & 1) === 1
  for (let i = 0; i <= 5; i += 1) set(i, 8, bit(i))
  set(7, 8, bit(6))
  set(8, 8, bit(7))
  set(8, 7, bit(8))
  for (let i = 9; i < 15; i += 1) set(8, 14 - i, bit(i))
  for (let i = 0; i < 8; i += 1) set(8, size - 1 - i, bit(i))
  for (let i = 8; i < 15; i += 1) set(size - 15 + i, 8, bit(i))
  set(size - 8, 8, true)
}

/**
 * From version 7 on its number, with its correction, twice: 7.10.
 *
 * @param {import('./versions.js').Version} version
 * @param {Set} set
 */
function drawVersion({ number, size }, set) {
  const bits = (number << 12) | remainder(number, 12, 0x1f25)
  for (let i = 0; i < 18; i += 1) {
    const isDark = ((bits >>> i) & 1) === 1
    const far = size - 11 + (i % 3)
    const near = Math.floor(i / 3)
    set(near, far, isDark)
    set(far, near, isDark)
  }
}

/**
 * Of a division of polynomials over GF(2).
 *
 * @param {number} data
 * @param {number} degree
 * @param {number} divisor
 */
function remainder(data, degree, divisor) {
  let rest = data << degree
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit = 31 - Math.clz32(rest)) rest ^= divisor << (bit - degree)
  return rest
}

/**
 * In pairs of columns from the right, up and down in turn, past the timing column: 7.7.3.
 *
 * @param {Uint8Array} codewords
 * @param {boolean[][]} modules
 * @param {boolean[][]} taken
 */
function drawData(codewords, modules, taken) {
  const size = modules.length
  let at = 0
  let isUpward = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      const y = isUpward ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (taken[y][x]) continue
        modules[y][x] = at < codewords.length * 8 && ((codewords[at >> 3] >>> (7 - (at & 7))) & 1) === 1
        at += 1
      }
    }
    isUpward = !isUpward
  }
}
