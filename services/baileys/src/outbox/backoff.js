/** Waits double from the first to the last, ms. */
const FIRST_WAIT = 500
const LAST_WAIT = 30_000

/**
 * How long to wait before a body is posted again.
 *
 * @param {number} attempt failures in a row, from 1
 * @param {number} random 0 to 1: the wait is moved by up to a fifth
 * @param {number | undefined} retryAfterMS what the API asked for; never less than that
 * @returns {number} ms
 */
export function backoff(attempt, random, retryAfterMS) {
  const doubled = Math.min(FIRST_WAIT * 2 ** Math.min(attempt - 1, 30), LAST_WAIT)
  return Math.max(Math.round(doubled * (0.8 + 0.4 * random)), Math.min(retryAfterMS ?? 0, 300_000))
}
