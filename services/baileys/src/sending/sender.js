import { cannotSend, refused, sent, unknown } from './answers.js'
import { ChatLock } from './chat-lock.js'
import { judgeRepeat } from './repeat.js'
import { codeOf } from '../run/error-code.js'

/**
 * Sends one business's messages, each id once: the book is written before the socket is called, and what WhatsApp says
 * of an id settles it whenever it comes.
 */
export class Sender {
  #lock = new ChatLock()
  /** @type {Map<string, UnderWay>} */ #underWay = new Map()
  #active = 0
  #unanswered = 0

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts
  }

  /** Sends that were asked for and not answered yet. */
  get active() {
    return this.#active
  }

  /** Sends in a row that WhatsApp did not answer. */
  get unanswered() {
    return this.#unanswered
  }

  /** The socket is another. */
  socketChanged() {
    this.#unanswered = 0
  }

  /**
   * @param {Request} request
   * @returns {Promise<import('./answers.js').Answer>} within the limit
   */
  async send(request) {
    const { book, ability, limitMS } = this.parts
    const { id } = request
    const known = book.find(id)
    switch (judgeRepeat(known, this.#underWay.has(id))) {
      case 'join':
        return this.#join(id)
      case 'sent':
        return sent(id, known?.durationMs ?? 0, true)
      case 'refused':
        return refused(id, known?.code ?? '', true)
      case 'unknown':
        return unknown(id, true)
    }
    const can = ability()
    if (!can.canSend) return cannotSend(can.why)
    this.#active += 1
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), limitMS)
    const underWay = new UnderWay()
    this.#underWay.set(id, underWay)
    this.#run(request, underWay, limit.signal).catch((error) => {
      // The disk did not take the note, so the socket was not called: what may be there of it is taken back.
      if (book.find(id)?.state === 'sending') book.failed(id, 'disk', false).catch((fault) => this.#diskFault(id, fault))
      this.parts.log.error('send_failed', 'A send could not be noted', { message_id: id, error: codeOf(error) })
      underWay.settle(cannotSend('disk'))
    })
    try {
      return await underWay.answer
    } finally {
      clearTimeout(timer)
      this.#active -= 1
      this.#underWay.delete(id)
    }
  }

  /**
   * WhatsApp's server has spoken of a message.
   *
   * @param {string} id
   * @param {string | undefined} error its code when it refused it
   * @returns {Promise<'in_time' | 'late' | 'not_ours'>}
   */
  async acknowledged(id, error) {
    this.#unanswered = 0
    const known = this.parts.book.find(id)
    if (known?.state !== 'sending') return 'not_ours'
    const underWay = this.#underWay.get(id)
    const durationMs = this.parts.now() - known.at
    const noted = error ? this.parts.book.failed(id, error, true) : this.parts.book.sent(id, durationMs)
    const answer = error ? refused(id, error) : sent(id, underWay?.age() ?? durationMs)
    // WhatsApp has it, whatever the disk says: at worst the id is `sending` again after a crash.
    await noted.catch((fault) => this.#diskFault(id, fault))
    underWay?.settle(answer)
    return underWay ? 'in_time' : 'late'
  }

  /** @param {string} id */
  async #join(id) {
    const first = /** @type {UnderWay} */ (this.#underWay.get(id))
    const { status, body } = await first.answer
    return { status, body: { ...body, duplicate: true } }
  }

  /** @param {Request} request @param {UnderWay} underWay @param {AbortSignal} limit */
  async #run(request, underWay, limit) {
    const { book, ability, now, connection } = this.parts
    const { id, to } = request
    const leave = await this.#lock.enter(to, limit)
    if (!leave) return underWay.settle(cannotSend('chat_is_busy'))
    try {
      const can = ability()
      const socket = connection()
      if (!can.canSend || !socket) return underWay.settle(cannotSend(can.canSend ? 'not_connected' : can.why))
      await book.begin(id, to, now())
      const written = socket.send(to, request.content, id, (content) => book.keep(id, content)).then(
        () => {},
        (error) => this.#notWritten(error, id, underWay),
      )
      await Promise.race([written, underWay.answer, ends(limit)])
    } finally {
      leave()
    }
    await Promise.race([underWay.answer, ends(limit)])
    if (underWay.isSettled) return
    // A restart asked for by whoever sees that we cannot send gets a new socket.
    this.#unanswered += 1
    underWay.settle(unknown(id))
  }

  /** @param {any} error @param {string} id @param {UnderWay} underWay */
  async #notWritten(error, id, underWay) {
    const { book, log } = this.parts
    log.warning('send_failed', 'The socket did not take a message', { message_id: id, reason: codeOf(error) })
    // Otherwise it may be out, and WhatsApp's answer or the limit decides.
    if (!error.isSurelyNotSent) return
    await book.failed(id, String(error.code ?? 'not_sent'), false).catch((fault) => this.#diskFault(id, fault))
    underWay.settle(cannotSend(error.why))
  }

  /** @param {string} id @param {any} fault */
  #diskFault(id, fault) {
    this.parts.log.error('disk_failed', 'An outcome could not be noted', { message_id: id, error: codeOf(fault) })
  }
}

/** A send that was not answered yet. */
class UnderWay {
  #start = performance.now()
  /** @type {(answer: import('./answers.js').Answer) => void} */ #resolve = () => {}
  isSettled = false

  /** @type {Promise<import('./answers.js').Answer>} */
  answer = new Promise((resolve) => (this.#resolve = resolve))

  /** Milliseconds. */
  age() {
    return performance.now() - this.#start
  }

  /**
   * The first counts.
   *
   * @param {import('./answers.js').Answer} answer
   */
  settle(answer) {
    if (this.isSettled) return
    this.isSettled = true
    this.#resolve(answer)
  }
}

/** @param {AbortSignal} signal */
function ends(signal) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
  )
}

/**
 * @typedef {{id: string, to: string, content: import('../socket/socket.js').Content}} Request
 *
 * @typedef {object} Parts
 * @property {import('./send-book.js').SendBook} book
 * @property {() => ReturnType<typeof import('../tenant/ability.js').ability>} ability
 * @property {() => import('../socket/socket.js').Socket | undefined} connection the socket that is logged in
 * @property {() => number} now ms since 1970
 * @property {import('../run/log.js').Log} log
 * @property {number} limitMS
 */
