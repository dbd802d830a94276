/** Powers of 2 in GF(256) with QR's polynomial x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004, 7.5.2), twice over. */
const EXP = new Uint8Array(510)
const LOG = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value
  LOG[value] = power
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1
}

/** @param {number} a @param {number} b */
export function multiply(a, b) {
  return a === 0 || b === 0 ? 0 : EXP[LOG[a] + LOG[b]]
}

/**
 * The error correction codewords of one block: the remainder of its data, as a polynomial, by the generator of that degree.
 *
 * @param {Uint8Array} data
 * @param {number} count how many, 1 to 68
 * @returns {Uint8Array}
 */
export function correction(data, count) {
  const divisor = generator(count)
  const remainder = new Uint8Array(count)
  for (const byte of data) {
    const factor = byte ^ remainder[0]
    remainder.copyWithin(0, 1)
    remainder[count - 1] = 0
    for (let i = 0; i < count; i += 1) remainder[i] ^= multiply(divisor[i], factor)
  }
  return remainder
}

/**
 * (x - 2^0)(x - 2^1)…, without its leading 1.
 *
 * @param {number} degree
 */
function generator(degree) {
  let coefficients = Uint8Array.of(1)
  for (let power = 0; power < degree; power += 1) {
    const next = new Uint8Array(coefficients.length + 1)
    coefficients.forEach((coefficient, i) => {
      next[i] ^= coefficient
      next[i + 1] ^= multiply(coefficient, EXP[power])
    })
    coefficients = next
  }
  return coefficients.subarray(1)
}
