/**
 * What a send is answered: a status and a body, of the contract in docs/gateway.md.
 *
 * @typedef {{status: number, body: Record<string, unknown>}} Answer
 */

/** @param {string} messageId @param {number} durationMs @param {boolean} duplicate @returns {Answer} */
export function sent(messageId, durationMs, duplicate = false) {
  return { status: 200, body: { ok: true, messageId, duplicate, durationMs: Math.round(durationMs) } }
}

/**
 * Surely not sent, and no fault of the message: another way, or a later time, may do.
 *
 * @param {string} reason
 * @returns {Answer}
 */
export function cannotSend(reason) {
  return { status: 409, body: { error: 'cannot_send', reason, message: 'Not able to send' } }
}

/**
 * WhatsApp refused this message. Sending it again makes it worse: 463 counts each try as another attempt to reach
 * somebody (Baileys, Socket/messages-recv.ts, `handleBadAck`).
 *
 * @param {string} messageId @param {string} code @param {boolean} duplicate @returns {Answer}
 */
export function refused(messageId, code, duplicate = false) {
  const message = REFUSALS[code] ?? 'WhatsApp refused the message'
  return { status: 422, body: { error: 'refused', code, messageId, duplicate, message } }
}

/**
 * It may be out, or not.
 *
 * @param {string} messageId
 * @param {boolean} duplicate
 * @returns {Answer}
 */
export function unknown(messageId, duplicate = false) {
  const message = 'WhatsApp has not answered; ask for the state of this id before sending it another way'
  return { status: 504, body: { error: 'timeout', state: 'sending', messageId, duplicate, message } }
}

/**
 * The codes that Baileys names in Utils/decode-wa-message.ts.
 *
 * @type {Record<string, string>}
 */
const REFUSALS = {
  463: 'WhatsApp lets this number write only to those who wrote to it: it is restricted, or the contact is new to it',
  479: 'WhatsApp refused the stanza: stale device session or malformed address',
}
