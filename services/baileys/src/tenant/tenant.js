import fs from 'node:fs'
import path from 'node:path'
import { RecordLog } from '../disk/record-log.js'
import { MediaBook } from '../media/media-book.js'
import { Courier } from '../outbox/courier.js'
import { Outbox } from '../outbox/outbox.js'
import { SendBook } from '../sending/send-book.js'
import { Sender } from '../sending/sender.js'
import { SessionStore } from '../session/session-store.js'
import { ability } from './ability.js'
import { Connection } from './connection.js'
import { Inbox } from './inbox.js'
import { codeOf } from '../run/error-code.js'

/** One business: its session, its socket, what it sends and what came for it. All of it lies in one folder. */
export class Tenant {
  #isRestarting = false
  #isDraining = false
  /** @type {Inbox} */ #inbox

  /**
   * @param {string} id
   * @param {string} folder made when it is missing
   * @param {Parts} parts
   */
  constructor(id, folder, parts) {
    this.id = id
    this.parts = parts
    const { settings, log, metrics, now, random, posters } = parts
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = (/** @type {string} */ name) => path.join(folder, name)

    this.session = new SessionStore(file('session.log'))
    this.book = new SendBook(file('sent.log'), settings.keepMS, now())
    this.media = new MediaBook(file('media.log'), settings.keepMS, now())
    this.asideLog = new RecordLog(file('refused.log'), () => {})
    const outboxes = {
      messages: new Outbox(file('messages.log'), settings.outboxMaxBytes),
      receipts: new Outbox(file('receipts.log'), settings.outboxMaxBytes),
    }
    this.outboxes = outboxes
    this.#tellDamage()

    const courier = (/** @type {'messages' | 'receipts'} */ kind) =>
      new Courier({
        business: id, kind, log, metrics, random,
        outbox: outboxes[kind],
        post: posters[kind],
        aside: (body, status) => this.asideLog.append({ at: now(), kind, status, body }).durable,
      })
    // Receipts that wait must not hold up a message: docs/senders/baileys.md.
    this.couriers = { messages: courier('messages'), receipts: courier('receipts') }

    this.connection = new Connection({
      business: id, log, now, random,
      connect: parts.connect,
      connecting: { session: this.session, sentContent: (messageID) => this.book.content(messageID) },
      isPaired: () => this.session.isPaired,
      schedule: (body, afterMS) => setTimeout(body, afterMS),
      onEvent: (event) => this.#onEvent(event),
      onOpen: () => this.sender.socketChanged(),
      onClosed: (code) => metrics.count('rejoinder_gateway_disconnects_total', 'Sockets that were closed', { code: String(code) }),
    })
    /** @type {Sender} */
    this.sender = new Sender({
      book: this.book, log, now,
      limitMS: settings.sendLimitMS,
      ability: () => this.ability(),
      connection: () => (this.connection.isOpen ? this.connection.socket : undefined),
    })
    this.#inbox = new Inbox({
      business: id, log, now,
      history: settings.history,
      me: () => this.connection.me,
      sender: this.sender, book: this.book, media: this.media, couriers: this.couriers,
    })
  }

  /**
   * Whether it can send.
   *
   * @returns {ReturnType<typeof ability>}
   */
  ability() {
    return ability({
      isDraining: this.#isDraining,
      isRestarting: this.#isRestarting,
      isPaired: this.session.isPaired && !this.connection.isOver,
      isOpen: this.connection.isOpen,
      unanswered: this.sender.unanswered,
    })
  }

  /** As `GET …/status` answers. */
  status() {
    const can = this.ability()
    const { connection } = this
    return {
      connected: connection.isOpen,
      canSend: can.canSend,
      authPaired: this.session.isPaired && !connection.isOver,
      starting: this.#isRestarting || connection.isStarting,
      hasSocket: connection.socket !== undefined,
      lastError: connection.lastError ?? null,
      reason: can.canSend ? null : can.why,
      restricted: this.restricted ?? null,
      waiting: { messages: this.outboxes.messages.count, receipts: this.outboxes.receipts.count },
    }
  }

  /** Opens the socket, with a new session where the one before is over. */
  start() {
    if (this.connection.isOver) {
      this.connection.stop()
      this.session.reset()
      this.connection.isOver = false
    }
    this.connection.start()
  }

  /**
   * A new socket, unless a send would be cut off.
   *
   * @returns {boolean} false: busy
   */
  restart() {
    if (this.sender.active > 0) return false
    if (this.#isRestarting || this.#isDraining) return true
    // From here on no send begins.
    this.#isRestarting = true
    this.connection
      .restart()
      .catch((error) => this.parts.log.error('socket_failed', 'A restart failed', { business: this.id, error: codeOf(error) }))
      .finally(() => (this.#isRestarting = false))
    return true
  }

  /**
   * Takes this device off the account and forgets the session.
   *
   * @returns {Promise<boolean>} false: busy
   */
  async logout() {
    if (this.sender.active > 0) return false
    // No send begins on a socket that is about to go.
    this.#isRestarting = true
    const { socket, isOpen } = this.connection
    try {
      if (isOpen) await socket?.logout()
    } catch (error) {
      const fields = { business: this.id, error: codeOf(error) }
      this.parts.log.warning('logout_failed', 'WhatsApp was not told; remove the device on the phone', fields)
    }
    this.connection.stop()
    this.connection.lastError = undefined
    this.connection.isOver = false
    this.session.reset()
    this.#isRestarting = false
    return true
  }

  /**
   * Ends it: no send begins, those under way get `graceMS`, and what came is on the disk.
   *
   * @param {number} graceMS
   */
  async close(graceMS) {
    this.#isDraining = true
    const end = performance.now() + graceMS
    while (this.sender.active > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
    this.connection.stop()
    await Promise.all([this.couriers.messages.stop(), this.couriers.receipts.stop()])
    const logs = [this.session, this.book, this.media, this.asideLog, this.outboxes.messages, this.outboxes.receipts]
    await Promise.all(logs.map((log) => log.close()))
  }

  /** Drops what is older than it need be known. */
  forgetOld() {
    this.book.forgetOld(this.parts.now())
    this.media.forgetOld(this.parts.now())
  }

  /** @param {import('../socket/socket.js').SocketEvent} event */
  #onEvent(event) {
    if (event.type !== 'restricted') return this.#inbox.take(event)
    this.restricted = event.isActive ? { until: event.until, kind: event.kind } : undefined
    const msg = event.isActive ? 'WhatsApp restricts this number' : 'WhatsApp restricts this number no more'
    this.parts.log.warning('account_restricted', msg, { business: this.id, reason: event.kind })
  }

  #tellDamage() {
    const files = { session: this.session, sent: this.book, media: this.media, ...this.outboxes }
    for (const [kind, { damaged }] of Object.entries(files)) {
      if (!damaged) continue
      this.parts.log.error('disk_damaged', 'Records are not as they were written', { business: this.id, kind, count: damaged })
    }
  }
}

/**
 * @typedef {object} Parts
 * @property {import('../settings.js').Settings} settings
 * @property {import('../socket/socket.js').Connect} connect
 * @property {{messages: Post, receipts: Post}} posters
 * @property {import('../run/log.js').Log} log
 * @property {import('../run/metrics.js').Metrics} metrics
 * @property {() => number} now ms since 1970
 * @property {() => number} random 0 to 1
 *
 * @typedef {(body: string) => Promise<{status?: number, retryAfterMS?: number}>} Post
 */
