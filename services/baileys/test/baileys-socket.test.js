import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import { Log } from '../src/run/log.js'
import { SessionStore } from '../src/session/session-store.js'
import { baileysContent, open } from '../src/socket/baileys-socket.js'
import { boom, fakeLibrary, stream } from './support/fake-library.js'
import { folder } from './support/folder.js'

const TO = '972501234567@s.whatsapp.net'

/** @param {import('node:test').TestContext} t @param {{version?: any, wantsLatestVersion?: boolean}} [options] */
async function socketUnderTest(t, { version, wantsLatestVersion = false } = {}) {
  const library = fakeLibrary()
  /** @type {any[]} */
  const events = []
  /** @type {string[]} */
  const lines = []
  const session = new SessionStore(path.join(folder(t), 'session.log'))
  t.after(() => session.close())
  const socket = await open(library, { markOnline: false, whatsappVersion: version }, {
    session, business: 'shop', wantsLatestVersion, log: new Log('debug', (line) => lines.push(line)),
    onEvent: (event) => events.push(event),
    sentContent: (id) => (id === 'KNOWN' ? Buffer.from('{"conversation":"again"}').toString('base64') : undefined),
  })
  return { library, events, lines, socket, session, sock: library.sock }
}

test('WhatsApp\'s server taking or refusing a message is an event', async (t) => {
  const { sock, events } = await socketUnderTest(t)
  sock.ws.emit('CB:ack,class:message', { tag: 'ack', attrs: { class: 'message', id: 'A', from: TO, t: '1763650000' } })
  sock.ws.emit('CB:ack,class:message', { tag: 'ack', attrs: { class: 'message', id: 'B', from: TO, t: '1763650001', error: '463' } })
  sock.ws.emit('CB:ack,class:message', { tag: 'ack', attrs: {} })
  assert.deepEqual(events, [
    { type: 'ack', id: 'A', to: TO, at: 1763650000, error: undefined },
    { type: 'ack', id: 'B', to: TO, at: 1763650001, error: '463' },
  ])
})

test('the connection\'s changes are events', async (t) => {
  const { sock, events } = await socketUnderTest(t)
  sock.ev.emit('connection.update', { connection: 'connecting', receivedPendingNotifications: false, qr: undefined })
  sock.ev.emit('connection.update', { qr: 'code' })
  sock.ev.emit('connection.update', { isNewLogin: true, qr: undefined })
  sock.ev.emit('connection.update', { connection: 'open' })
  sock.ev.emit('connection.update', { reachoutTimeLock: { isActive: true, timeEnforcementEnds: new Date(0), enforcementType: 'BIZ_QUALITY' } })
  sock.ev.emit('connection.update', { connection: 'close', lastDisconnect: { error: boom(428), date: new Date() } })
  sock.ev.emit('connection.update', { connection: 'close', lastDisconnect: { error: undefined, date: new Date() } })
  assert.deepEqual(events, [
    { type: 'qr', code: 'code' },
    { type: 'paired' },
    { type: 'open', me: { id: '1:2@s.whatsapp.net', lid: '7:2@lid' } },
    { type: 'restricted', isActive: true, until: '1970-01-01T00:00:00.000Z', kind: 'BIZ_QUALITY' },
    { type: 'close', code: 428, reason: 'Connection Closed' },
    { type: 'close', code: 0, reason: 'closed' },
  ])
})

test('what comes is handed on as JSON', async (t) => {
  const { sock, events } = await socketUnderTest(t)
  const message = { key: { id: 'A', remoteJid: TO }, message: { imageMessage: { mediaKey: Uint8Array.of(1) } } }
  sock.ev.emit('messages.upsert', { messages: [message], type: 'append' })
  sock.ev.emit('messaging-history.set', { messages: [message], chats: [], contacts: [] })
  sock.ev.emit('messages.update', [{ key: { id: 'A' }, update: { status: 3 } }])
  sock.ev.emit('message-receipt.update', [{ key: { id: 'A' }, receipt: { userJid: '7@lid' } }])
  assert.deepEqual(events.map(({ type }) => type), ['messages', 'history', 'updates', 'receipts'])
  assert.equal(events[0].kind, 'append')
  assert.equal(events[0].messages[0].message.imageMessage.mediaKey, 'AQ==')
})

test('a message goes out under our id, its content kept before', async (t) => {
  const { socket, sock, library } = await socketUnderTest(t)
  /** @type {any[]} */
  const kept = []
  await socket.send(TO, { text: 'Hi' }, '3EB0A', (content) => kept.push([content, sock.relayed.length]))
  assert.deepEqual(sock.relayed, [[TO, { extendedTextMessage: { text: 'Hi' } }, { messageId: '3EB0A' }]])
  assert.equal(kept[0][1], 0)
  assert.deepEqual(library.proto.Message.decode(Buffer.from(kept[0][0], 'base64')), { extendedTextMessage: { text: 'Hi' } })
})

for (const [fault, isSurelyNotSent, why] of /** @type {const} */ ([
  ['a closed socket', true, 'not_connected'], ['a timeout', false, 'not_connected'], ['the disk', false, 'not_connected'], ['its content', true, 'not_prepared'],
])) {
  test(`a send that fails for ${fault} is ${isSurelyNotSent ? 'surely not sent' : 'open'}`, async (t) => {
    const { socket, library } = await socketUnderTest(t)
    library.relayFault = { 'a closed socket': boom(428), 'a timeout': boom(408), 'the disk': Object.assign(new Error(), { code: 'ENOSPC' }), 'its content': undefined }[fault]
    const sending = socket.send(TO, { text: fault === 'its content' ? 'unsendable' : 'Hi' }, 'A', () => {})
    await assert.rejects(sending, (error) => {
      const { isSurelyNotSent: is, why: reason } = /** @type {any} */ (error)
      assert.deepEqual([is, reason], [isSurelyNotSent, why])
      return true
    })
  })
}

test('a phone that asks for a message again gets what was sent', async (t) => {
  const { library } = await socketUnderTest(t)
  assert.deepEqual(await library.options.getMessage({ id: 'KNOWN' }), { conversation: 'again' })
  assert.equal(await library.options.getMessage({ id: 'OTHER' }), undefined)
  assert.equal(await library.options.getMessage({}), undefined)
})

test('a group is asked about once, and again when it changed', async (t) => {
  const { library, sock } = await socketUnderTest(t)
  const ask = library.options.cachedGroupMetadata
  await ask('1@g.us')
  await ask('1@g.us')
  assert.equal(sock.groupQueries, 1)
  sock.ev.emit('group-participants.update', { id: '1@g.us' })
  await ask('1@g.us')
  sock.ev.emit('groups.update', [{ id: '1@g.us' }])
  await ask('1@g.us')
  assert.equal(sock.groupQueries, 3)
})

test('credentials are kept when they change, and the pairing with them', async (t) => {
  const { sock, library, session } = await socketUnderTest(t)
  sock.ev.emit('creds.update', {})
  assert.equal(session.isPaired, false)
  Object.assign(library.options.auth.creds, { account: {} })
  sock.ev.emit('creds.update', {})
  assert.equal(session.isPaired, true)
})

test('the version is the library\'s, the setting\'s, or WhatsApp\'s own when it asks for a newer one', async (t) => {
  assert.equal((await socketUnderTest(t)).library.options.version, undefined)
  assert.deepEqual((await socketUnderTest(t, { version: [2, 1, 1], wantsLatestVersion: true })).library.options.version, [2, 1, 1])
  assert.deepEqual((await socketUnderTest(t, { wantsLatestVersion: true })).library.options.version, [2, 3000, 9])
})

test('media is fetched, within its limit, and what is gone is told from what failed', async (t) => {
  const { socket, library } = await socketUnderTest(t)
  library.download = async (/** @type {any} */ message, /** @type {string} */ type, /** @type {any} */ _, /** @type {any} */ context) => {
    assert.deepEqual([message, type, typeof context.reuploadRequest], [{ revived: { key: { id: 'A' } } }, 'stream', 'function'])
    return stream('bytes')
  }
  assert.equal((await socket.download({ key: { id: 'A' } }, 5)).toString(), 'bytes')
  await assert.rejects(socket.download({ key: { id: 'A' } }, 4), { what: 'too_large' })
  library.download = async () => { throw Object.assign(new Error(), { status: 410 }) }
  await assert.rejects(socket.download({}, 9), { what: 'gone' })
  library.download = async () => { throw boom(500) }
  await assert.rejects(socket.download({}, 9), { what: 'failed' })
})

test('contents are what Baileys calls them', () => {
  const bytes = Buffer.from('x')
  assert.deepEqual(baileysContent({ text: 'Hi' }), { text: 'Hi' })
  assert.deepEqual(baileysContent({ media: { kind: 'image', bytes, mimetype: 'image/png', caption: 'c', fileName: 'no' } }), { image: bytes, mimetype: 'image/png', caption: 'c' })
  assert.deepEqual(baileysContent({ media: { kind: 'audio', bytes, voice: true } }), { audio: bytes, ptt: true })
  assert.deepEqual(baileysContent({ media: { kind: 'document', bytes, mimetype: 'a/b', fileName: 'f.pdf' } }), { document: bytes, mimetype: 'a/b', fileName: 'f.pdf' })
})

test('Baileys\' own log tells neither contacts nor what is beside its phrases', async (t) => {
  const { library, lines } = await socketUnderTest(t)
  const { logger } = library.options
  logger.child({}).error({ node: 'a secret', text: 'Hello' }, `cannot send to ${TO}`)
  logger.info({ text: 'Hello' }, 'info')
  logger.warn('972501234567 is odd')
  const all = lines.join('')
  assert.match(all, /cannot send to •/)
  assert.doesNotMatch(all, /Hello|secret|info"|97250/)
})
