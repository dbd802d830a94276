/**
 * The eight masks, by row and column: ISO/IEC 18004, table 10.
 *
 * @type {Array<(y: number, x: number) => boolean>}
 */
export const MASKS = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
]

/**
 * How hard a code is to read: 7.8.3.1. The mask with the least is used.
 *
 * @param {boolean[][]} modules
 */
export function penalty(modules) {
  const size = modules.length
  const columns = modules.map((_, x) => modules.map((row) => row[x]))
  let sum = 0
  for (const line of [...modules, ...columns]) sum += runs(line) + finders(line)
  for (let y = 0; y + 1 < size; y += 1) {
    for (let x = 0; x + 1 < size; x += 1) {
      const colour = modules[y][x]
      if (modules[y][x + 1] === colour && modules[y + 1][x] === colour && modules[y + 1][x + 1] === colour) sum += 3
    }
  }
  const dark = modules.flat().filter(Boolean).length
  return sum + 10 * Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5)
}

/**
 * Five and more of one colour.
 *
 * @param {boolean[]} line
 */
function runs(line) {
  let sum = 0
  for (let start = 0, end = 0; start < line.length; start = end) {
    while (end < line.length && line[end] === line[start]) end += 1
    if (end - start >= 5) sum += end - start - 2
  }
  return sum
}

/**
 * What looks like a finder pattern, four light modules before or after it.
 *
 * @param {boolean[]} line
 */
function finders(line) {
  const text = line.map((isDark) => (isDark ? '1' : '0')).join('')
  let sum = 0
  for (const pattern of ['10111010000', '00001011101']) {
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) sum += 40
  }
  return sum
}
