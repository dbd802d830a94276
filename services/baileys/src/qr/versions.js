/**
 * The sizes of QR codes with error correction level L, from ISO/IEC 18004, table 9: by version, from 1 to 40, codewords of
 * correction in a block, and blocks.
 */
const CORRECTION = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30,
]
const BLOCKS = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21,
  22, 24, 25,
]

/**
 * The smallest version that holds so many bytes.
 *
 * @param {number} bytes
 * @returns {Version}
 * @throws {RangeError} past 2,953
 */
export function versionFor(bytes) {
  for (let number = 1; number <= 40; number += 1) {
    const version = versionOf(number)
    // Mode, length, text.
    if (4 + version.lengthBits + bytes * 8 <= version.dataCodewords * 8) return version
  }
  throw new RangeError('too long for a QR code')
}

/** @param {number} number 1 to 40 @returns {Version} */
export function versionOf(number) {
  const size = 17 + 4 * number
  const correctionCodewords = CORRECTION[number - 1]
  const blocks = BLOCKS[number - 1]
  const codewords = Math.floor(freeModules(number) / 8)
  return {
    number, size, blocks, correctionCodewords, codewords,
    dataCodewords: codewords - correctionCodewords * blocks,
    lengthBits: number < 10 ? 8 : 16,
    alignments: alignments(number),
  }
}

/**
 * Modules that no pattern takes.
 *
 * @param {number} number
 */
function freeModules(number) {
  const size = 17 + 4 * number
  const marks = alignments(number).length
  const alignment = marks === 0 ? 0 : (marks * marks - 3) * 25 - (marks - 2) * 2 * 5
  const timing = 2 * (size - 16)
  const formats = 31
  const versions = number < 7 ? 0 : 36
  return size * size - 3 * 64 - timing - alignment - formats - versions
}

/**
 * Where alignment patterns have their centres, in both directions: table E.1.
 *
 * @param {number} number
 */
function alignments(number) {
  if (number === 1) return []
  const count = Math.floor(number / 7) + 2
  const last = 10 + 4 * number
  // Version 32 is the one that the rule of the others does not fit.
  const step = number === 32 ? 26 : Math.ceil((last - 6) / (count - 1) / 2) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, i) => last - step * (count - 2 - i))]
}

/**
 * @typedef {object} Version
 * @property {number} number 1 to 40
 * @property {number} size modules a side
 * @property {number} blocks
 * @property {number} correctionCodewords of each block
 * @property {number} codewords
 * @property {number} dataCodewords
 * @property {number} lengthBits of the text's length
 * @property {number[]} alignments
 */
