import { authState } from '../session/auth-state.js'
import { toWire } from '../webhook/wire.js'
import { baileysLog } from './baileys-log.js'
import { GroupCache } from './group-cache.js'
import { MediaError, SendError } from './socket.js'
import { codeOf } from '../run/error-code.js'

/** `DisconnectReason.connectionClosed`, Types/index.ts. */
const CONNECTION_CLOSED = 428
/** An unpaired logout should not hold anybody up, ms. */
const LOGOUT_LIMIT = 5000

/**
 * The real socket: the only file that knows Baileys. Compared with its source at 7.0.0-rc13; where a name below stands
 * beside a path, that is where it is from.
 *
 * @param {{markOnline: boolean, whatsappVersion: [number, number, number] | undefined}} settings
 * @returns {Promise<import('./socket.js').Connect>}
 */
export async function baileysConnect(settings) {
  // Here and not at the top: tests of everything else run without it.
  /** @type {any} */
  const library = await import('baileys')
  return (connecting) => open(library, settings, connecting)
}

/**
 * @param {any} library
 * @param {{markOnline: boolean, whatsappVersion: [number, number, number] | undefined}} settings
 * @param {import('./socket.js').Connecting} connecting
 * @returns {Promise<import('./socket.js').Socket>}
 */
export async function open(library, settings, connecting) {
  const { session, onEvent, sentContent, wantsLatestVersion, log, business } = connecting
  const logger = baileysLog(log, business)
  const auth = authState(session, library)
  const groups = new GroupCache((jid) => sock.groupMetadata(jid))
  const version = settings.whatsappVersion ?? (wantsLatestVersion ? await latestVersion(library, log, business) : undefined)

  const sock = library.makeWASocket({
    ...(version && { version }),
    auth: { creds: auth.state.creds, keys: library.makeCacheableSignalKeyStore(auth.state.keys, logger) },
    logger,
    // The default, Types/Socket.ts: what the phone shows under its linked devices.
    browser: library.Browsers.macOS('Chrome'),
    // An online device keeps the phone from ringing.
    markOnlineOnConnect: settings.markOnline,
    // Our own sends would come back as `append` (Socket/messages-send.ts); what is typed on the phone comes anyway.
    emitOwnEvents: false,
    // A contact's phone that cannot decrypt a message asks for it again; memory holds the last ones only.
    getMessage: async (/** @type {{id?: string}} */ key) => {
      const content = key.id && sentContent(key.id)
      return content ? library.proto.Message.decode(Buffer.from(content, 'base64')) : undefined
    },
    cachedGroupMetadata: (/** @type {string} */ jid) => groups.find(jid),
  })
  listen(sock, { auth, groups, onEvent, log, business })

  return {
    async send(to, content, id, keep) {
      const message = await prepare(library, sock, logger, to, content, id)
      keep(Buffer.from(library.proto.Message.encode(message).finish()).toString('base64'))
      try {
        // What `sendMessage` does after it has made the message (Socket/messages-send.ts). Done in two steps, because a
        // fault in the first is surely before anything went out. Link previews are left out: they would have the
        // gateway fetch whatever address a text names.
        await sock.relayMessage(to, message, { messageId: id })
      } catch (error) {
        // `sendRawMessage` looks whether the socket is open before it writes, and throws this (Socket/socket.ts); queries
        // before the message throw it too. After the write only the keys are committed, with errors of the disk.
        const code = statusCode(error)
        throw new SendError(code === CONNECTION_CLOSED, 'not_connected', code ?? 'relay')
      }
    },
    typing: (to, isTyping) => sock.sendPresenceUpdate(isTyping ? 'composing' : 'paused', to),
    read: (keys) => sock.readMessages(keys),
    download: (message, mostBytes) => download(library, sock, logger, message, mostBytes),
    pairingCode: (phone) => sock.requestPairingCode(phone),
    async logout() {
      const late = new Error('logout took too long')
      const limit = new Promise((_, reject) => setTimeout(() => reject(late), LOGOUT_LIMIT).unref())
      await Promise.race([sock.logout(), limit])
    },
    close() {
      // No event of it counts from here on, see `Connection`.
      Promise.resolve(sock.end(undefined)).catch(() => {})
    },
  }
}

/**
 * @param {any} library
 * @param {any} sock
 * @param {any} logger
 * @param {string} to
 * @param {import('./socket.js').Content} content
 * @param {string} id
 */
async function prepare(library, sock, logger, to, content, id) {
  try {
    const options = { userJid: sock.user.id, upload: sock.waUploadToServer, messageId: id, logger }
    const made = await library.generateWAMessage(to, baileysContent(content), options)
    return made.message
  } catch (error) {
    throw new SendError(true, 'not_prepared', statusCode(error) ?? 'prepare')
  }
}

/**
 * `AnyMessageContent`, Types/Message.ts.
 *
 * @param {import('./socket.js').Content} content
 */
export function baileysContent(content) {
  if ('text' in content) return { text: content.text }
  const { kind, bytes, mimetype, caption, fileName, voice } = content.media
  const common = { [kind]: bytes, ...(mimetype && { mimetype }) }
  if (kind === 'audio') return { ...common, ...(voice && { ptt: true }) }
  if (kind === 'sticker') return common
  return { ...common, ...(caption && { caption }), ...(kind === 'document' && fileName && { fileName }) }
}

/**
 * @param {any} sock
 * @param {{auth: ReturnType<typeof authState>, groups: GroupCache,
 *   onEvent: (event: import('./socket.js').SocketEvent) => void, log: import('../run/log.js').Log, business: string}} parts
 */
function listen(sock, { auth, groups, onEvent, log, business }) {
  const saveCreds = () => {
    auth.save().catch((error) => {
      log.error('disk_failed', 'The session could not be kept', { business, error: codeOf(error) })
    })
  }
  // Types/Events.ts, all of them. Baileys has put the update into `creds` before this, being the first to listen.
  sock.ev.on('creds.update', saveCreds)
  sock.ev.on('connection.update', (/** @type {any} */ update) => {
    if (update.qr) onEvent({ type: 'qr', code: update.qr })
    if (update.isNewLogin) onEvent({ type: 'paired' })
    if (update.connection === 'open') onEvent({ type: 'open', me: { id: sock.user?.id, lid: sock.user?.lid } })
    if (update.connection === 'close') {
      const error = update.lastDisconnect?.error
      onEvent({ type: 'close', code: statusCode(error) ?? 0, reason: reasonOf(error) })
    }
    if (update.reachoutTimeLock) {
      const { isActive, timeEnforcementEnds, enforcementType } = update.reachoutTimeLock
      onEvent({ type: 'restricted', isActive: isActive === true, until: timeEnforcementEnds?.toISOString(), kind: enforcementType })
    }
  })
  sock.ev.on('messages.upsert', (/** @type {any} */ { messages, type }) => {
    onEvent({ type: 'messages', kind: type, messages: toWire(messages) })
  })
  sock.ev.on('messaging-history.set', (/** @type {any} */ { messages }) => {
    onEvent({ type: 'history', messages: toWire(messages) })
  })
  sock.ev.on('messages.update', (/** @type {any} */ updates) => onEvent({ type: 'updates', updates: toWire(updates) }))
  sock.ev.on('message-receipt.update', (/** @type {any} */ receipts) => {
    onEvent({ type: 'receipts', receipts: toWire(receipts) })
  })
  sock.ev.on('groups.update', (/** @type {any[]} */ updates) => updates.forEach(({ id }) => groups.forget(id)))
  sock.ev.on('group-participants.update', (/** @type {any} */ { id }) => groups.forget(id))
  // `sendMessage` resolves when the stanza is written; that the server took it is told by its ack, of which Baileys
  // itself makes an event only when it is a refusal (Socket/messages-recv.ts, `handleBadAck`).
  sock.ws.on('CB:ack,class:message', (/** @type {any} */ { attrs }) => {
    if (attrs?.id) onEvent({ type: 'ack', id: attrs.id, to: attrs.from, at: Number(attrs.t) || 0, error: attrs.error })
  })
}

/**
 * `downloadMediaMessage` with `reuploadRequest` (Utils/messages.ts): what WhatsApp's servers have dropped, 404 or 410, the
 * phone is asked to put there again.
 *
 * @param {any} library
 * @param {any} sock
 * @param {any} logger
 * @param {any} message in wire form
 * @param {number} mostBytes
 */
async function download(library, sock, logger, message, mostBytes) {
  const revived = library.proto.WebMessageInfo.fromObject(message)
  try {
    const context = { logger, reuploadRequest: sock.updateMediaMessage }
    const stream = await library.downloadMediaMessage(revived, 'stream', {}, context)
    const chunks = []
    let length = 0
    for await (const chunk of stream) {
      length += chunk.length
      if (length > mostBytes) throw new MediaError('too_large')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof MediaError) throw error
    const status = /** @type {any} */ (error)?.status ?? statusCode(error)
    throw new MediaError(status === 404 || status === 410 ? 'gone' : 'failed')
  }
}

/**
 * What WhatsApp's own page runs at.
 *
 * @param {any} library
 * @param {import('../run/log.js').Log} log
 * @param {string} business
 */
async function latestVersion(library, log, business) {
  // Utils/generics.ts. It answers the library's own version where WhatsApp does not tell.
  const { version, isLatest } = await library.fetchLatestWaWebVersion()
  const fields = { business, version: version.join('.'), reason: isLatest ? 'fetched' : 'bundled' }
  log.warning('whatsapp_version', 'WhatsApp asked for a newer client; update baileys', fields)
  return version
}

/**
 * Of a Boom.
 *
 * @param {any} error
 * @returns {number | undefined}
 */
function statusCode(error) {
  return error?.output?.statusCode
}

/**
 * Baileys' own phrase, which holds no contact.
 *
 * @param {any} error
 */
function reasonOf(error) {
  return typeof error?.message === 'string' ? error.message.slice(0, 100) : 'closed'
}
