/**
 * When a message was written, seconds since 1970. 0: it does not say.
 *
 * @param {any} message in wire form
 */
export function seconds(message) {
  const read = Number(message?.messageTimestamp ?? 0)
  return Number.isFinite(read) ? read : 0
}
