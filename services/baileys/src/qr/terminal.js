import { BORDER } from './svg.js'

/**
 * A code for a terminal, two rows of modules a line, light on dark: dark modules are left blank, as terminals mostly are.
 *
 * @param {boolean[][]} modules
 */
export function terminal(modules) {
  const isLight = (/** @type {number} */ y, /** @type {number} */ x) => !modules[y]?.[x]
  let text = ''
  for (let y = -BORDER; y < modules.length + BORDER; y += 2) {
    for (let x = -BORDER; x < modules.length + BORDER; x += 1) {
      const isUpper = isLight(y, x)
      const isLower = isLight(y + 1, x) && y + 1 < modules.length + BORDER
      text += isUpper ? (isLower ? '█' : '▀') : isLower ? '▄' : ' '
    }
    text += '\n'
  }
  return text
}
