import { codewords } from './codewords.js'
import { draw } from './matrix.js'
import { versionFor } from './versions.js'

/**
 * A QR code (ISO/IEC 18004) of a text: byte mode, error correction level L, the smallest version. Why it is our own:
 * docs/decisions/0007-gateway.md.
 *
 * @param {string} text up to 2,953 bytes of UTF-8
 * @returns {boolean[][]} rows of modules, true is dark, without the light border
 */
export function encode(text) {
  const bytes = new TextEncoder().encode(text)
  const version = versionFor(bytes.length)
  return draw(codewords(bytes, version), version)
}
