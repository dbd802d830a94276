import { seconds } from './timestamp.js'

/**
 * Which messages of a history are handed on, oldest first.
 *
 * WhatsApp sends a newly paired device the chats' past, each chat newest first (Baileys, Types/Events.ts). Among it may be
 * messages that came while no device was there to answer, and many that somebody has answered long since. The API answers
 * what is young enough whatever brought it, so that everything up to the last message of our own in a chat is left out:
 * that has been dealt with.
 *
 * @param {any[]} messages in wire form
 * @param {'unanswered' | 'all' | 'none'} wanted
 * @returns {any[]}
 */
export function fromHistory(messages, wanted) {
  if (wanted === 'none') return []
  const ordered = messages.filter((message) => message?.key?.id).sort((a, b) => seconds(a) - seconds(b))
  if (wanted === 'all') return ordered
  /** @type {Map<string, number>} */
  const answeredAt = new Map()
  ordered.forEach((message, index) => {
    if (message.key.fromMe) answeredAt.set(message.key.remoteJid, index)
  })
  return ordered.filter((message, index) => index > (answeredAt.get(message.key.remoteJid) ?? -1))
}
