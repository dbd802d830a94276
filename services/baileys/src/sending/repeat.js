/**
 * What to do with a send whose id may be known. No id that may be out is ever sent again: nothing documents that WhatsApp
 * drops a second message of the same id.
 *
 * @param {import('./send-book.js').Known | undefined} known
 * @param {boolean} isUnderWay this process is sending it
 * @returns {'begin' | 'join' | 'sent' | 'refused' | 'unknown'} `begin`: never seen, or surely not out. `join`: wait for the
 *   one under way. `sent`, `refused`: the first answer again. `unknown`: it may be out; that a process died, or that
 *   WhatsApp did not answer, is all that is known.
 */
export function judgeRepeat(known, isUnderWay) {
  if (isUnderWay) return 'join'
  if (!known) return 'begin'
  if (known.state === 'sent') return 'sent'
  if (known.state === 'sending') return 'unknown'
  return known.isFinal ? 'refused' : 'begin'
}
