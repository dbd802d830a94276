/**
 * Leaves the last four digits of what may be a phone number, as our other programs' logs do.
 *
 * @param {string} text
 */
export function mask(text) {
  return text.replace(/\d{5,}/g, (digits) => '•'.repeat(digits.length - 4) + digits.slice(-4))
}
