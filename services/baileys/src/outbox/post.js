/** Bodies are 1 MiB at most. */
const LIMIT_MS = 30_000

/**
 * Posts to one of the API's webhooks.
 *
 * @param {string} url @param {string} secret
 * @returns {(body: string) => Promise<{status?: number, retryAfterMS?: number}>} no status: no answer
 */
export function poster(url, secret) {
  return async (body) => {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Internal-Secret': secret },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(LIMIT_MS),
      })
      // Read to its end, so that the connection can be used again.
      await answer.arrayBuffer()
      const seconds = Number(answer.headers.get('retry-after'))
      return { status: answer.status, retryAfterMS: seconds > 0 ? seconds * 1000 : undefined }
    } catch {
      return {}
    }
  }
}
