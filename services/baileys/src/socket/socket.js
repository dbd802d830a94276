/**
 * What the gateway needs of a WhatsApp Web socket. `baileys-socket.js` is the real one; tests have their own.
 *
 * @typedef {object} Socket
 * @property {(to: string, content: Content, id: string, keep: (content: string) => void) => Promise<void>} send
 *   resolves when the message was written to WhatsApp's server, which an `ack` event answers. Before that it calls `keep`
 *   with the encoded content, base64. Rejects with a `SendError`
 * @property {(to: string, isTyping: boolean) => Promise<void>} typing
 * @property {(keys: Array<{remoteJid: string, id: string, participant?: string, fromMe: false}>) => Promise<void>} read
 * @property {(message: any, mostBytes: number) => Promise<Uint8Array>} download what came with a message, as the webhook
 *   showed the message. Rejects with a `MediaError`
 * @property {(phone: string) => Promise<string>} pairingCode eight characters to type on the phone; digits only go in
 * @property {() => Promise<void>} logout removes this device from the account
 * @property {() => void} close without logging out. No event comes after it
 *
 * @typedef {{text: string} | {media: Media}} Content
 * @typedef {object} Media
 * @property {'image' | 'audio' | 'video' | 'document' | 'sticker'} kind
 * @property {Buffer} bytes
 * @property {string} [mimetype]
 * @property {string} [caption]
 * @property {string} [fileName]
 * @property {boolean} [voice] an audio message that was spoken into the phone
 *
 * @typedef {object} Connecting how a socket is opened
 * @property {import('../session/session-store.js').SessionStore} session
 * @property {(event: SocketEvent) => void} onEvent
 * @property {(id: string) => string | undefined} sentContent what was sent under an id, encoded, base64
 * @property {boolean} wantsLatestVersion WhatsApp refused the library's version
 * @property {import('../run/log.js').Log} log
 * @property {string} business
 *
 * @typedef {(connecting: Connecting) => Promise<Socket>} Connect
 *
 * @typedef {{type: 'qr', code: string}
 *   | {type: 'paired'}
 *   | {type: 'open', me: {id: string, lid?: string}}
 *   | {type: 'close', code: number, reason: string}
 *   | {type: 'ack', id: string, to: string, at: number, error?: string}
 *   | {type: 'messages', kind: 'notify' | 'append', messages: any[]}
 *   | {type: 'history', messages: any[]}
 *   | {type: 'updates', updates: any[]}
 *   | {type: 'receipts', receipts: any[]}
 *   | {type: 'restricted', isActive: boolean, until?: string, kind?: string}} SocketEvent
 *   `ack`: WhatsApp's server took a message of ours, or with `error` refused it; `at` in seconds.
 *   `messages` to `receipts` hold what Baileys emits, as JSON: bytes in base64, 64-bit numbers as numbers
 */

/** The socket did not take a message. */
export class SendError extends Error {
  /**
   * @param {boolean} isSurelyNotSent nothing was written to WhatsApp
   * @param {'not_connected' | 'not_prepared'} why
   * @param {string | number} code for the log
   */
  constructor(isSurelyNotSent, why, code) {
    super(`not written: ${code}`)
    this.isSurelyNotSent = isSurelyNotSent
    this.why = why
    this.code = code
  }
}

/** What came with a message cannot be had. */
export class MediaError extends Error {
  /** @param {'none' | 'gone' | 'too_large' | 'failed'} what */
  constructor(what) {
    super(`media: ${what}`)
    this.what = what
  }
}
