/** Pictures in small, which nobody behind the webhook looks at and which make up most of a body. */
const LEFT_OUT = new Set(['jpegThumbnail', 'pngThumbnail', 'streamingSidecar', 'scansSidecar', 'waveform'])

/**
 * What Baileys emits as plain JSON: bytes in base64, 64-bit numbers as numbers, no functions and nothing undefined.
 *
 * WAProto's messages would do that themselves, in part: their `toJSON` writes 64-bit numbers as text, and objects beside
 * them (keys with `remoteJidAlt`) are plain.
 *
 * @param {any} value
 * @returns {any}
 */
export function toWire(value) {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(toWire)
  if (isLong(value)) return longNumber(value)
  /** @type {Record<string, any>} */
  const plain = {}
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined || typeof inner === 'function' || LEFT_OUT.has(name)) continue
    plain[name] = toWire(inner)
  }
  return plain
}

/**
 * `Long`, as protobufjs has 64-bit numbers.
 *
 * @param {any} value
 */
function isLong(value) {
  return typeof value.low === 'number' && typeof value.high === 'number' && typeof value.unsigned === 'boolean'
}

/**
 * Loses digits past 2^53, which no time or length has.
 *
 * @param {{low: number, high: number, unsigned: boolean}} long
 */
function longNumber({ low, high, unsigned }) {
  return (unsigned ? high >>> 0 : high) * 4294967296 + (low >>> 0)
}
