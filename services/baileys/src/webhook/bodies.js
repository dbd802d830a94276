/** The API takes 1 MiB. */
const MOST_BYTES = 900_000
const MOST_ITEMS = 100

/**
 * Webhook bodies for these items, in order, each small enough for the API. An item that alone is too large has a body of
 * its own, which the API refuses and the outbox puts aside.
 *
 * @param {any[]} items
 * @param {(items: any[]) => object} body the object around them
 * @returns {string[]}
 */
export function bodies(items, body) {
  /** @type {string[]} */
  const made = []
  /** @type {any[]} */
  let batch = []
  let bytes = 0
  const close = () => {
    if (batch.length) made.push(JSON.stringify(body(batch)))
    batch = []
    bytes = 0
  }
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item))
    if (batch.length === MOST_ITEMS || bytes + size > MOST_BYTES) close()
    batch.push(item)
    bytes += size
  }
  close()
  return made
}
