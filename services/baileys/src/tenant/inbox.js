import { mediaOf } from '../media/media-of.js'
import { bodies } from '../webhook/bodies.js'
import { fromHistory } from '../webhook/history.js'
import { receiptsAmong, serverAck } from '../webhook/receipts.js'
import { codeOf } from '../run/error-code.js'

/** What comes for one business, on its way to the API: each event goes where it belongs, onto the disk first. */
export class Inbox {
  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts
  }

  /**
   * @param {import('../socket/socket.js').SocketEvent} event
   */
  take(event) {
    switch (event.type) {
      case 'ack':
        return this.#acknowledged(event)
      case 'messages':
        return this.#forward(event.messages, event.kind)
      case 'history':
        return this.#forward(fromHistory(event.messages, this.parts.history), 'append')
      case 'updates': {
        const receipts = receiptsAmong(event.updates)
        for (const { key, update } of receipts) if (update.status >= 2) this.#settle(key.id)
        return this.#report(receipts)
      }
      case 'receipts': {
        const receipts = event.receipts.filter(({ key }) => key?.fromMe === true && key.id)
        for (const { key } of receipts) this.#settle(key.id)
        return this.#report(receipts)
      }
    }
  }

  /** @param {{id: string, to: string, at: number, error?: string}} ack */
  async #acknowledged({ id, to, at, error }) {
    const when = await this.parts.sender.acknowledged(id, error)
    // In time, the send's own answer says it. Refusals are told by Baileys, in `messages.update`.
    if (when === 'late' && !error) this.#report([serverAck(to, id, at)])
  }

  /**
   * A receipt proves that a message is out, of which nothing else is known.
   *
   * @param {string} id
   */
  #settle(id) {
    if (this.parts.book.find(id)?.state === 'sending') void this.parts.sender.acknowledged(id, undefined)
  }

  /**
   * @param {any[]} messages
   * @param {'notify' | 'append'} type
   */
  #forward(messages, type) {
    for (const message of messages) if (mediaOf(message) && message.key?.id) this.#keepMedia(message)
    const { business, couriers } = this.parts
    const me = this.parts.me()
    for (const body of bodies(messages, (batch) => ({ tenantId: business, payload: { type, me, messages: batch } }))) {
      couriers.messages.add(body)
    }
  }

  /** @param {any} message */
  #keepMedia(message) {
    const { media, now, log, business } = this.parts
    try {
      media.add(message, now())
    } catch (fault) {
      const error = codeOf(fault)
      log.error('disk_failed', 'What opens media could not be kept', { business, message_id: message.key.id, error })
    }
  }

  /** @param {any[]} updates */
  #report(updates) {
    const { business, couriers } = this.parts
    for (const body of bodies(updates, (batch) => ({ tenantId: business, updates: batch }))) couriers.receipts.add(body)
  }
}

/**
 * @typedef {object} Parts
 * @property {string} business
 * @property {'unanswered' | 'all' | 'none'} history
 * @property {() => {id: string, lid?: string} | undefined} me our own addresses
 * @property {import('../sending/sender.js').Sender} sender
 * @property {import('../sending/send-book.js').SendBook} book
 * @property {import('../media/media-book.js').MediaBook} media
 * @property {Record<'messages' | 'receipts', import('../outbox/courier.js').Courier>} couriers
 * @property {() => number} now ms since 1970
 * @property {import('../run/log.js').Log} log
 */
