/**
 * Looks every few milliseconds until there is something. @template T
 *
 * @param {() => T | Promise<T>} find
 * @param {string} what
 */
export async function until(find, what) {
  const end = performance.now() + 60_000
  for (;;) {
    const found = await find()
    if (found) return found
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
