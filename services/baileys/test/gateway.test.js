import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import test from 'node:test'
import { FakeAPI } from './support/fake-api.js'
import { folder } from './support/folder.js'
import { SECRET, gatewayUnderTest, messageID } from './support/gateway.js'
import { until } from './support/until.js'

const TO = '972501234567@s.whatsapp.net'

/**
 * The status of a path as it is; `fetch` would tidy it.
 *
 * @param {number} port
 * @param {string} method
 * @param {string} path
 */
function rawStatus(port, method, path) {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method, path, headers: { 'X-Internal-Secret': SECRET } }
    http.request(options, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end()
  })
}

/** @param {number} number @param {object} [more] */
function message(number, more) {
  return { to: TO, text: `a text nobody else may read ${number}`, messageId: messageID(number), ...more }
}

test('a business is paired by its code, sends, and logs out', async (t) => {
  const { call, whatsApp } = await gatewayUnderTest(t)
  assert.equal((await call('GET', '/whatsapp/shop/status')).status, 404)
  assert.equal((await call('POST', '/whatsapp/shop/start')).status, 202)
  const { body: code } = await until(async () => {
    const answer = await call('GET', '/whatsapp/shop/qr')
    return answer.body.qr && answer
  }, 'a code')
  assert.match(code.svg, /^<svg /)
  assert.match((await call('GET', '/whatsapp/shop/qr?format=text')).bytes.toString(), /█/)
  assert.equal((await call('POST', '/whatsapp/shop/send', message(1))).status, 409)
  await whatsApp.scan('shop')
  await until(async () => (await call('GET', '/whatsapp/shop/status')).body.canSend, 'a login')
  const { body: status } = await call('GET', '/whatsapp/shop/status')
  assert.deepEqual({ ...status, restricted: 0, waiting: 0 }, {
    connected: true, canSend: true, authPaired: true, starting: false, hasSocket: true, lastError: null, reason: null, restricted: 0, waiting: 0,
  })
  assert.equal((await call('POST', '/whatsapp/shop/send', message(1))).status, 200)
  assert.deepEqual((await call('GET', `/whatsapp/shop/messages/${messageID(1)}`)).body.state, 'sent')
  assert.equal((await call('POST', '/whatsapp/shop/logout')).status, 200)
  assert.deepEqual(whatsApp.marks, [{ loggedOut: 'shop' }])
  const { body: after } = await call('GET', '/whatsapp/shop/status')
  assert.deepEqual([after.authPaired, after.canSend, after.hasSocket, after.lastError], [false, false, false, null])
})

test('a code can be typed instead', async (t) => {
  const { call } = await gatewayUnderTest(t)
  const { status, body } = await call('POST', '/whatsapp/shop/start', { phone: '+972 50-123-4567' })
  assert.deepEqual([status, body.pairingCode], [202, 'ABCD1234'])
  assert.equal((await call('POST', '/whatsapp/shop/start', { phone: 'me' })).status, 400)
})

test('the page for pairing holds no secret and asks for none in its address', async (t) => {
  const { gateway } = await gatewayUnderTest(t)
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/whatsapp/shop/pair`)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'sha256-/)
  assert.doesNotMatch(await answer.text(), new RegExp(SECRET))
  assert.equal(await rawStatus(gateway.port, 'GET', '/whatsapp/%2e%2e/pair'), 400)
})

test('nothing is told without the secret', async (t) => {
  const { call, paired } = await gatewayUnderTest(t)
  await paired()
  for (const [method, name] of [['POST', 'send'], ['GET', 'status'], ['GET', 'sending-status'], ['POST', 'restart'], ['POST', 'start'], ['GET', 'qr'], ['POST', 'logout'], ['POST', 'typing'], ['POST', 'read'], ['GET', 'media/A'], ['GET', 'messages/A'], ['GET', 'nothing'], ['PATCH', 'send']]) {
    const { status, body } = await call(method, `/whatsapp/shop/${name}`, method === 'POST' ? 'not JSON' : undefined, { 'X-Internal-Secret': 'wrong' })
    assert.deepEqual([status, body], [401, { error: 'unauthorized' }], name)
  }
})

test('bad requests are told what is wrong with them', async (t) => {
  const { call, paired, whatsApp, gateway } = await gatewayUnderTest(t, { MEDIA_MAX_BYTES: '2048' })
  await paired()
  const send = '/whatsapp/shop/send'
  /** @type {Array<[any, RegExp]>} */
  const bad = [
    ['{', /not JSON/], ['[]', /object/], ['"x"', /object/], [Buffer.from([0x7b, 0xff]), /UTF-8/], [{}, /to must/],
    [{ to: 'nobody' }, /to must/], [message(1, { messageId: undefined }), /messageId/], [message(1, { messageId: 'a b' }), /messageId/], [message(1, { messageId: 5 }), /messageId/],
    [message(1, { text: '' }), /text or media/], [message(1, { text: 5 }), /text must/], [message(1, { text: 'x'.repeat(65_537) }), /text must/],
    [message(1, { media: [] }), /media must/], [message(1, { media: { kind: 'song' } }), /media.kind/],
    [message(1, { media: { kind: 'image', data: 'é' } }), /base64/], [message(1, { media: { kind: 'image', data: 'A'.repeat(4000) } }), /2048 bytes/],
    [message(1, { media: { kind: 'document', data: 'AAAA' } }), /mimetype/],
  ]
  for (const [body, what] of bad) {
    const answer = await call('POST', send, body)
    assert.deepEqual([answer.status, answer.body.error], [400, 'bad_request'], String(what))
    assert.match(answer.body.message, what)
  }
  assert.equal((await call('POST', send, 'x'.repeat(400_000))).status, 413)
  assert.equal((await call('GET', send)).headers.get('allow'), 'POST')
  assert.equal((await call('GET', '/whatsapp/a%2fb/status')).status, 400)
  assert.equal(await rawStatus(gateway.port, 'POST', '/whatsapp/%2e%2e/start'), 400)
  assert.equal(await rawStatus(gateway.port, 'POST', '/whatsapp/../start'), 400)
  assert.equal(await rawStatus(gateway.port, 'POST', '/whatsapp/%zz/start'), 404)
  assert.equal(whatsApp.sent.length, 0)
})

test('media goes out', async (t) => {
  const { call, paired, whatsApp } = await gatewayUnderTest(t)
  await paired()
  const media = { kind: 'image', mimetype: 'image/png', data: Buffer.from('png').toString('base64') }
  assert.equal((await call('POST', '/whatsapp/shop/send', message(1, { media }))).status, 200)
  const { content } = whatsApp.sent[0]
  assert.deepEqual([content.media.kind, content.media.bytes.toString(), content.media.caption], ['image', 'png', message(1).text])
})

test('a send has its limit, and its id stays open', async (t) => {
  const { call, paired, whatsApp } = await gatewayUnderTest(t, { GATEWAY_SEND_SECONDS: '1' })
  await paired()
  whatsApp.answers.shop = { how: 'none' }
  assert.equal((await call('POST', '/whatsapp/shop/send', message(1))).status, 504)
  assert.equal((await call('GET', `/whatsapp/shop/messages/${messageID(1)}`)).body.state, 'sending')
  assert.equal((await call('GET', '/whatsapp/shop/messages/NONE')).status, 404)
})

test('what comes is posted to the API: messages, history, receipts', async (t) => {
  const { api, paired, whatsApp } = await gatewayUnderTest(t)
  await paired()
  const socket = whatsApp.socket('shop')
  const came = (/** @type {string} */ id, at = 1) => ({ key: { remoteJid: TO, id, fromMe: false }, message: { conversation: 'Hi' }, messageTimestamp: at })
  socket.emit({ type: 'messages', kind: 'notify', messages: [came('A')] })
  socket.emit({ type: 'messages', kind: 'append', messages: [came('B')] })
  socket.emit({ type: 'history', messages: [came('D', 9), came('C', 8)] })
  const receipt = { key: { remoteJid: TO, id: 'X', fromMe: true }, update: { status: 3 } }
  socket.emit({ type: 'updates', updates: [receipt, { key: { id: 'Y', fromMe: true }, update: { message: null } }] })
  socket.emit({ type: 'receipts', receipts: [{ key: { id: 'Z', fromMe: true }, receipt: { userJid: '7@lid' } }] })
  await until(() => api.taken.length === 5, 'all of them')
  const messages = api.taken.filter(({ path }) => path === '/webhook/whatsapp/incoming')
  assert.deepEqual(messages.map(({ body }) => [body.payload.type, body.payload.messages.map((/** @type {any} */ one) => one.key.id)]), [['notify', ['A']], ['append', ['B']], ['append', ['C', 'D']]])
  assert.deepEqual(messages[0].body.payload.me, { id: '15550009999:3@s.whatsapp.net', lid: '777:3@lid' })
  assert.ok(api.taken.every(({ secret, body }) => secret === SECRET && body.tenantId === 'shop'))
  const receipts = api.taken.filter(({ path }) => path === '/webhook/whatsapp/receipts').flatMap(({ body }) => body.updates)
  assert.deepEqual(receipts.map(({ key }) => key.id), ['X', 'Z'])
})

test('an answer after the limit is told as a receipt', async (t) => {
  const { api, call, paired, whatsApp } = await gatewayUnderTest(t, { GATEWAY_SEND_SECONDS: '1' })
  await paired()
  whatsApp.answers.shop = { how: 'none' }
  await call('POST', '/whatsapp/shop/send', message(1))
  whatsApp.socket('shop').ack(messageID(1), TO)
  await until(() => api.taken.length === 1, 'the receipt')
  assert.deepEqual(api.taken[0].body.updates, [{ key: { remoteJid: TO, id: messageID(1), fromMe: true }, update: { status: 2, messageTimestamp: 1_763_650_000 } }])
})

test('what came with a message can be fetched by the message\'s id', async (t) => {
  const { call, paired, whatsApp } = await gatewayUnderTest(t)
  await paired()
  whatsApp.media.set('A', Buffer.from('voice'))
  const audio = (/** @type {string} */ id) => ({ key: { remoteJid: TO, id }, message: { audioMessage: { mimetype: 'audio/ogg; codecs=opus' } } })
  whatsApp.socket('shop').emit({ type: 'messages', kind: 'notify', messages: [audio('A'), audio('GONE')] })
  const { status, bytes, headers } = await call('GET', '/whatsapp/shop/media/A')
  assert.deepEqual([status, bytes.toString(), headers.get('content-type')], [200, 'voice', 'audio/ogg; codecs=opus'])
  assert.equal((await call('GET', '/whatsapp/shop/media/GONE')).status, 410)
  assert.equal((await call('GET', '/whatsapp/shop/media/B')).status, 404)
})

test('typing and read marks are taken whatever becomes of them', async (t) => {
  const { call, paired, whatsApp } = await gatewayUnderTest(t)
  await paired()
  assert.equal((await call('POST', '/whatsapp/shop/typing', { to: TO })).status, 200)
  assert.equal((await call('POST', '/whatsapp/shop/read', { to: TO, messageIds: ['A'] })).status, 200)
  assert.deepEqual(whatsApp.marks, [{ to: TO, isTyping: true }, { remoteJid: TO, id: 'A', fromMe: false, participant: undefined }])
  assert.equal((await call('POST', '/whatsapp/shop/read', { to: TO })).status, 400)
  assert.equal((await call('POST', '/whatsapp/shop/typing', {})).status, 400)
})

test('a restart is refused while a send is active, and sends are while it restarts', async (t) => {
  const { call, paired, whatsApp } = await gatewayUnderTest(t)
  await paired()
  whatsApp.answers.shop = { how: 'none' }
  const sending = call('POST', '/whatsapp/shop/send', message(1))
  await until(() => whatsApp.sent.length === 1, 'the send')
  assert.deepEqual((await call('GET', '/whatsapp/shop/sending-status')).body, { isSending: true, activeSends: 1 })
  const refused = await call('POST', '/whatsapp/shop/restart')
  assert.deepEqual([refused.status, refused.body.error], [409, 'busy'])
  assert.equal((await call('POST', '/whatsapp/shop/logout')).status, 409)
  whatsApp.socket('shop').ack(messageID(1), TO)
  assert.equal((await sending).status, 200)
  whatsApp.answers.shop = { how: 'ack' }
  const before = whatsApp.socket('shop')
  assert.equal((await call('POST', '/whatsapp/shop/restart')).status, 202)
  assert.ok(before.isClosed)
  await until(async () => (await call('GET', '/whatsapp/shop/status')).body.canSend, 'the new socket')
  assert.equal((await call('POST', '/whatsapp/shop/send', message(2))).status, 200)
})

test('while it keeps sending, restarts interrupt no send', async (t) => {
  const { call, paired, whatsApp } = await gatewayUnderTest(t)
  const tenant = await paired()
  whatsApp.answers.shop = { how: 'ack', delayMS: 3 }
  let isOver = false
  const restarts = { done: 0, refused: 0 }
  const restarting = (async () => {
    while (!isOver) {
      const { status } = await call('POST', '/whatsapp/shop/restart')
      if (status === 202) {
        restarts.done += 1
        await until(() => tenant.ability().canSend, 'the new socket')
      } else restarts.refused += 1
    }
  })()
  /** @type {number[]} */
  const statuses = []
  for (let n = 0; n < 40; n += 1) statuses.push((await call('POST', '/whatsapp/shop/send', message(n))).status)
  isOver = true
  await restarting
  assert.ok(restarts.done > 0 && restarts.refused > 0, JSON.stringify(restarts))
  assert.ok(statuses.every((status) => status === 200 || status === 409), String(statuses))
  assert.equal(whatsApp.sent.length, statuses.filter((status) => status === 200).length)
})

test('a socket that is closed is opened again, one that was replaced is not', async (t) => {
  const { call, paired, whatsApp, lines } = await gatewayUnderTest(t)
  const tenant = await paired()
  const { opened } = whatsApp
  whatsApp.socket('shop').emit({ type: 'close', code: 428, reason: 'Connection Terminated' })
  assert.equal((await call('GET', '/whatsapp/shop/status')).body.lastError.code, 428)
  await until(() => tenant.ability().canSend, 'the next socket')
  assert.equal(whatsApp.opened, opened + 1)
  whatsApp.socket('shop').emit({ type: 'close', code: 440, reason: 'conflict' })
  const { body } = await call('GET', '/whatsapp/shop/status')
  assert.deepEqual([body.starting, body.authPaired, body.lastError.reason], [false, true, 'replaced'])
  assert.ok(lines.some((line) => line.includes('socket_stopped') && line.includes('"level":"error"')))
  assert.equal((await call('POST', '/whatsapp/shop/start')).status, 202)
  await until(() => tenant.ability().canSend, 'the socket asked for')
})

test('a session that was ended on the phone is kept until somebody pairs anew', async (t) => {
  const { call, paired, whatsApp, settings } = await gatewayUnderTest(t)
  await paired()
  whatsApp.socket('shop').emit({ type: 'close', code: 401, reason: 'logged out' })
  const { body } = await call('GET', '/whatsapp/shop/status')
  assert.deepEqual([body.authPaired, body.starting, body.reason], [false, false, 'not_paired'])
  await call('POST', '/whatsapp/shop/start')
  assert.ok(fs.existsSync(path.join(settings.folder, 'businesses/shop/session.log.before')))
  await until(async () => (await call('GET', '/whatsapp/shop/qr')).body.qr, 'a new code')
})

test('health and metrics', async (t) => {
  const { call, paired } = await gatewayUnderTest(t)
  await paired()
  await call('POST', '/whatsapp/shop/send', message(1))
  assert.equal((await call('GET', '/health/live', undefined, { 'X-Internal-Secret': '' })).status, 200)
  assert.deepEqual((await call('GET', '/health/ready')).body, { status: 'ok', businesses: 1, able: 1 })
  const text = (await call('GET', '/metrics')).bytes.toString()
  assert.match(text, /^rejoinder_gateway_able 1$/m)
  assert.match(text, /^rejoinder_gateway_sends_total\{status="200"\} 1$/m)
  assert.match(text, /^# TYPE rejoinder_gateway_webhooks_waiting gauge$/m)
})

test('the log holds no text, no secret and no whole phone', async (t) => {
  const { call, paired, whatsApp, lines, drain } = await gatewayUnderTest(t, { GATEWAY_SEND_SECONDS: '1' })
  await paired()
  for (const [n, how] of ['ack', 'refuse', 'none', 'closed', 'broken'].entries()) {
    whatsApp.answers.shop = { how }
    await call('POST', '/whatsapp/shop/send', message(n))
  }
  await call('POST', '/whatsapp/shop/send', '{"text":"a text nobody')
  await drain()
  const all = lines.join('')
  for (const line of lines) for (const key of ['ts', 'level', 'event', 'msg']) assert.ok(key in JSON.parse(line), line)
  assert.doesNotMatch(all, new RegExp(`a text nobody|${SECRET}|972501234567`))
})

/**
 * The gateway as a process, with a WhatsApp that does as it is told.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} dataFolder
 * @param {string} apiURL
 */
async function processUnderTest(t, dataFolder, apiURL) {
  const child = spawn(process.execPath, [new URL('fake-gateway.js', import.meta.url).pathname], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, INTERNAL_SECRET: SECRET, API_URL: apiURL, GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: '0', GATEWAY_DATA_DIR: dataFolder, SHUTDOWN_GRACE_SECONDS: '5' },
  })
  t.after(() => child.kill('SIGKILL'))
  let log = ''
  child.stderr.on('data', (chunk) => (log += chunk))
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)))
  const port = await until(() => /"process_started".*"port":(\d+)/.exec(log)?.[1] ?? (child.exitCode !== null && 'none'), 'the start')
  /** @param {string} method @param {string} path @param {object} [body] */
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body), headers: { 'X-Internal-Secret': SECRET } })
    return { status: answer.status, body: await answer.json() }
  }
  return { child, ended, call }
}

test('killed in the middle of a send, it does not send that id again', async (t) => {
  const data = folder(t)
  const { url } = await new FakeAPI().open(t)
  const first = await processUnderTest(t, data, url)
  await first.call('POST', '/whatsapp/shop/start')
  await until(async () => (await first.call('GET', '/whatsapp/shop/qr')).body.qr, 'a code')
  await first.call('POST', '/fake/shop', { scan: true, how: 'none' })
  await until(async () => (await first.call('GET', '/whatsapp/shop/status')).body.canSend, 'a login')
  first.call('POST', '/whatsapp/shop/send', message(1)).catch(() => {})
  await until(async () => (await first.call('POST', '/fake/shop', {})).body.sent.length === 1, 'the send')
  first.child.kill('SIGKILL')
  await first.ended

  const second = await processUnderTest(t, data, url)
  assert.equal((await second.call('GET', `/whatsapp/shop/messages/${messageID(1)}`)).body.state, 'sending')
  await until(async () => (await second.call('GET', '/whatsapp/shop/status')).body.canSend, 'the login without a code')
  const again = await second.call('POST', '/whatsapp/shop/send', message(1))
  assert.deepEqual([again.status, again.body.duplicate], [504, true])
  assert.deepEqual((await second.call('POST', '/fake/shop', {})).body.sent, [])
})

test('what the API has not taken survives SIGKILL', async (t) => {
  const data = folder(t)
  const api = await new FakeAPI().open(t)
  api.isAway = true
  const first = await processUnderTest(t, data, api.url)
  await first.call('POST', '/whatsapp/shop/start')
  await until(async () => (await first.call('GET', '/whatsapp/shop/qr')).body.qr, 'a code')
  for (let n = 0; n < 5; n += 1) await first.call('POST', '/fake/shop', { message: { key: { id: `M${n}`, remoteJid: TO }, message: { conversation: 'Hi' } } })
  first.child.kill('SIGKILL')
  await first.ended
  api.isAway = false
  await processUnderTest(t, data, api.url)
  await until(() => api.taken.length >= 5, 'all of them')
  assert.deepEqual(api.taken.map(({ body }) => body.payload.messages[0].key.id), ['M0', 'M1', 'M2', 'M3', 'M4'])
})

test('SIGTERM lets a send end, then it exits with 0; two on one folder are one too many', async (t) => {
  const data = folder(t)
  const { url } = await new FakeAPI().open(t)
  const first = await processUnderTest(t, data, url)
  assert.equal(await (await processUnderTest(t, data, url)).ended, 1)
  await first.call('POST', '/whatsapp/shop/start')
  await until(async () => (await first.call('GET', '/whatsapp/shop/qr')).body.qr, 'a code')
  await first.call('POST', '/fake/shop', { scan: true, how: 'ack', delayMS: 3000 })
  await until(async () => (await first.call('GET', '/whatsapp/shop/status')).body.canSend, 'a login')
  const sending = first.call('POST', '/whatsapp/shop/send', message(1))
  await until(async () => (await first.call('GET', '/whatsapp/shop/sending-status')).body.isSending, 'the send')
  first.child.kill('SIGTERM')
  assert.equal((await sending).status, 200)
  assert.equal(await first.ended, 0)
})
