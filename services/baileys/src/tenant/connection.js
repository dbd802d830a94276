import { reconnect } from './reconnect.js'
import { codeOf } from '../run/error-code.js'

/**
 * Keeps one business's socket: opens it, opens it again when it was closed and should be, and holds the pairing code while
 * there is one. Events of a socket that is not the present one are dropped.
 */
export class Connection {
  /** @type {import('../socket/socket.js').Socket | undefined} */ #socket
  /** Counts sockets, to know the present one's events. */
  #generation = 0
  #attempt = 0
  #isOpening = false
  #wantsLatestVersion = false
  /** @type {NodeJS.Timeout | undefined} */ #timer

  isOpen = false
  /** Whether this session's end was told: only a new pairing helps. */
  isOver = false
  /** @type {string | undefined} what WhatsApp's phone app scans */ qr
  /** @type {{code: number, reason: string, at: string} | undefined} */ lastError
  /** @type {{id: string, lid?: string} | undefined} our own addresses, since the login */ me

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts
  }

  /** The socket, whether or not it is logged in. */
  get socket() {
    return this.#socket
  }

  /** Whether a socket is being opened, or will be. */
  get isStarting() {
    return this.#isOpening || this.#timer !== undefined || (this.#socket !== undefined && !this.isOpen)
  }

  /** Opens a socket, unless there is one or it will be opened anyway. */
  start() {
    if (this.#socket || this.#isOpening) return
    this.#open()
  }

  /** Closes the socket for good; whatever waits is given up. */
  stop() {
    this.#drop()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Another socket at once. */
  async restart() {
    this.stop()
    this.#attempt = 0
    await this.#open()
  }

  /** @param {import('../socket/socket.js').SocketEvent} event @param {number} generation */
  #onEvent(event, generation) {
    if (generation !== this.#generation) return
    switch (event.type) {
      case 'qr':
        this.qr = event.code
        return
      case 'paired':
        this.qr = undefined
        return
      case 'open':
        this.isOpen = true
        this.qr = undefined
        this.me = event.me
        this.#attempt = 0
        this.lastError = undefined
        this.parts.log.info('socket_open', 'Connected to WhatsApp', { business: this.parts.business })
        this.parts.onOpen()
        return
      case 'close':
        return this.#closed(event.code, event.reason)
      default:
        this.parts.onEvent(event)
    }
  }

  async #open() {
    const { connect, connecting, business, log } = this.parts
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isOpening = true
    this.isOver = false
    const generation = ++this.#generation
    try {
      const socket = await connect({
        ...connecting,
        business,
        log,
        wantsLatestVersion: this.#wantsLatestVersion,
        onEvent: (event) => this.#onEvent(event, generation),
      })
      if (generation === this.#generation) this.#socket = socket
      else socket.close()
    } catch (error) {
      log.error('socket_failed', 'A socket could not be made', { business, error: codeOf(error) })
      if (generation === this.#generation) this.#closed(0, codeOf(error))
    } finally {
      if (generation === this.#generation) this.#isOpening = false
    }
  }

  /** @param {number} code @param {string} reason */
  #closed(code, reason) {
    const { business, log, isPaired, random, schedule } = this.parts
    const wasOpen = this.isOpen
    this.#drop()
    this.#attempt += 1
    const next = reconnect(code, { attempt: this.#attempt, isPaired: isPaired(), random: random() })
    this.lastError = { code, reason: next.why ?? reason, at: new Date(this.parts.now()).toISOString() }
    this.isOver = next.do === 'pair'
    const fields = { business, status: code, reason: next.why ?? reason, attempt: this.#attempt }
    if (next.do === 'connect') {
      this.#wantsLatestVersion = next.wantsLatestVersion ?? false
      const say = code === 515 ? 'info' : 'warning'
      log[say]('socket_closed', 'The connection ended; another follows', { ...fields, delay_ms: next.afterMS })
      this.#timer = schedule(() => this.#open(), next.afterMS)
    } else {
      const say = next.why === 'qr_expired' ? 'info' : 'error'
      log[say]('socket_stopped', 'The connection ended; somebody has to start it', fields)
    }
    this.parts.onClosed(code, wasOpen)
  }

  #drop() {
    this.#generation += 1
    this.#socket?.close()
    this.#socket = undefined
    this.#isOpening = false
    this.isOpen = false
    this.qr = undefined
  }
}

/**
 * @typedef {object} Parts
 * @property {string} business
 * @property {import('../socket/socket.js').Connect} connect
 * @property {Pick<import('../socket/socket.js').Connecting, 'session' | 'sentContent'>} connecting
 * @property {() => boolean} isPaired
 * @property {(event: import('../socket/socket.js').SocketEvent) => void} onEvent what is not about the connection itself
 * @property {() => void} onOpen
 * @property {(code: number, wasOpen: boolean) => void} onClosed
 * @property {() => number} now ms since 1970
 * @property {() => number} random 0 to 1
 * @property {(body: () => void, afterMS: number) => NodeJS.Timeout} schedule
 * @property {import('../run/log.js').Log} log
 */
