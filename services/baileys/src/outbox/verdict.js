/** Judgements of a body, which no repeat would change: docs/senders/baileys.md. */
const OF_THE_BODY = new Set([400, 413, 415, 422])

/**
 * What becomes of a body that was posted.
 *
 * @param {number | undefined} status undefined: no answer
 * @returns {'done' | 'aside' | 'again' | 'again_misconfigured'} `aside`: kept apart for an operator, and the next follows.
 *   `again_misconfigured`: what is wrong is a secret or an address, and putting bodies aside for that would lose them all
 */
export function verdict(status) {
  if (status === undefined || status >= 500 || status === 408 || status === 429) return 'again'
  if (status >= 200 && status < 300) return 'done'
  return OF_THE_BODY.has(status) ? 'aside' : 'again_misconfigured'
}
