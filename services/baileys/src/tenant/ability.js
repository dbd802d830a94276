/** So many sends in a row that WhatsApp did not answer make a socket that is open in name only. */
const DEAF_AFTER = 2

/**
 * Whether a business can send, and why not. What is connected need not be able to: a socket that WhatsApp has stopped
 * answering stays open until a ping is missed.
 *
 * @param {Circumstances} now
 * @returns {{canSend: true} | {canSend: false, why: string}}
 */
export function ability(now) {
  if (now.isDraining) return { canSend: false, why: 'draining' }
  if (now.isRestarting) return { canSend: false, why: 'restarting' }
  if (!now.isPaired) return { canSend: false, why: 'not_paired' }
  if (!now.isOpen) return { canSend: false, why: 'not_connected' }
  if (now.unanswered >= DEAF_AFTER) return { canSend: false, why: 'whatsapp_does_not_answer' }
  return { canSend: true }
}

/**
 * @typedef {object} Circumstances
 * @property {boolean} isDraining the process is about to end
 * @property {boolean} isRestarting
 * @property {boolean} isPaired
 * @property {boolean} isOpen the socket is logged in
 * @property {number} unanswered sends in a row, up to the last, that WhatsApp did not answer in time on this socket
 */
