/**
 * Which items of `messages.update` tell what became of a message of ours. Baileys emits edits, revokes and decrypted
 * placeholders there as well.
 *
 * @param {any[]} updates in wire form
 */
export function receiptsAmong(updates) {
  return updates.filter(({ key, update }) => key?.fromMe === true && key.id && update?.status !== undefined && update.status !== null)
}

/**
 * An item that says that WhatsApp's server took a message, which Baileys does not emit: it tells of refusals only
 * (Socket/messages-recv.ts, `handleBadAck`).
 *
 * @param {string} to @param {string} id @param {number} at seconds
 */
export function serverAck(to, id, at) {
  return { key: { remoteJid: to, id, fromMe: true }, update: { status: 2, messageTimestamp: at } }
}
