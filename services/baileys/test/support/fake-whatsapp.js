import { MediaError, SendError } from '../../src/socket/socket.js'

/**
 * WhatsApp as a test wants it: sockets that log in at once when they are paired, and answer sends as they are told.
 */
export class FakeWhatsApp {
  /** What was sent, in order: `{business, to, id, content}`. @type {any[]} */ sent = []
  /** @type {any[]} */ marks = []
  /** The present socket of each business. @type {Map<string, FakeSocket>} */ sockets = new Map()
  /** How many were opened. */ opened = 0
  /** How sends are answered, by business; `*` for all. @type {Record<string, any>} */ answers = {}
  /** @type {Map<string, Buffer>} */ media = new Map()

  /** @type {import('../../src/socket/socket.js').Connect} */
  connect = async (connecting) => {
    this.opened += 1
    const socket = new FakeSocket(this, connecting)
    this.sockets.set(connecting.business, socket)
    setImmediate(() => {
      if (connecting.session.isPaired) socket.emit({ type: 'open', me: { id: '15550009999:3@s.whatsapp.net', lid: '777:3@lid' } })
      else socket.emit({ type: 'qr', code: 'https://wa.me/settings/linked_devices#2@fake,noise,identity,adv,1' })
    })
    return socket
  }

  /**
   * The phone scans the code: WhatsApp then closes with 515, and the next socket logs in.
   *
   * @param {string} business
   */
  async scan(business) {
    const socket = this.socket(business)
    await socket.connecting.session.set({ creds: '{}', paired: 'yes' })
    socket.emit({ type: 'paired' })
    socket.emit({ type: 'close', code: 515, reason: 'restart required' })
  }

  /** @param {string} business @returns {FakeSocket} */
  socket(business) {
    const socket = this.sockets.get(business)
    if (!socket) throw new Error('no socket')
    return socket
  }

  /** @param {string} business */
  answerOf(business) {
    return this.answers[business] ?? this.answers['*'] ?? { how: 'ack' }
  }
}

/** @implements {import('../../src/socket/socket.js').Socket} */
class FakeSocket {
  isClosed = false

  /** @param {FakeWhatsApp} whatsApp @param {import('../../src/socket/socket.js').Connecting} connecting */
  constructor(whatsApp, connecting) {
    this.whatsApp = whatsApp
    this.connecting = connecting
  }

  /** @param {import('../../src/socket/socket.js').SocketEvent} event */
  emit(event) {
    this.connecting.onEvent(event)
  }

  /** @param {string} to @param {import('../../src/socket/socket.js').Content} content @param {string} id @param {(content: string) => void} keep */
  async send(to, content, id, keep) {
    const { how, code, delayMS, after } = this.whatsApp.answerOf(this.connecting.business)
    if (how === 'closed') throw new SendError(true, 'not_connected', 428)
    keep(Buffer.from('text' in content ? content.text : content.media.kind).toString('base64'))
    // Something that the test lets happen.
    if (after) await after
    if (delayMS) await new Promise((resolve) => setTimeout(resolve, delayMS))
    if (how === 'hang') return new Promise(() => {})
    this.whatsApp.sent.push({ business: this.connecting.business, to, id, content })
    if (how === 'broken') throw new SendError(false, 'not_connected', 408)
    if (how === 'none') return
    setImmediate(() => this.ack(id, to, how === 'refuse' ? String(code ?? 463) : undefined))
  }

  /** @param {string} id @param {string} to @param {string} [error] */
  ack(id, to, error) {
    this.emit({ type: 'ack', id, to, at: 1_763_650_000, error })
  }

  /** @param {string} to @param {boolean} isTyping */
  async typing(to, isTyping) {
    this.whatsApp.marks.push({ to, isTyping })
  }

  /** @param {any[]} keys */
  async read(keys) {
    this.whatsApp.marks.push(...keys)
  }

  /** @param {any} message @param {number} mostBytes */
  async download(message, mostBytes) {
    const bytes = this.whatsApp.media.get(message.key.id)
    if (!bytes) throw new MediaError('gone')
    if (bytes.length > mostBytes) throw new MediaError('too_large')
    return bytes
  }

  async pairingCode() {
    return 'ABCD1234'
  }

  async logout() {
    this.whatsApp.marks.push({ loggedOut: this.connecting.business })
    // As Baileys does: it ends the socket with this code.
    this.emit({ type: 'close', code: 401, reason: 'Intentional Logout' })
  }

  close() {
    this.isClosed = true
  }
}
