import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { Log } from '../src/run/log.js'
import { ChatLock } from '../src/sending/chat-lock.js'
import { SendBook } from '../src/sending/send-book.js'
import { Sender } from '../src/sending/sender.js'
import { SessionStore } from '../src/session/session-store.js'
import { FakeWhatsApp } from './support/fake-whatsapp.js'
import { folder } from './support/folder.js'
import { messageID } from './support/gateway.js'
import { until } from './support/until.js'

const TO = '972501234567@s.whatsapp.net'

/** @param {import('node:test').TestContext} t @param {{limitMS?: number, file?: string}} [options] */
async function senderUnderTest(t, { limitMS = 10_000, file = path.join(folder(t), 'sent.log') } = {}) {
  const whatsApp = new FakeWhatsApp()
  const book = new SendBook(file, 1e9, Date.now())
  const session = new SessionStore(path.join(folder(t), 'session.log'))
  /** @type {Sender} */
  let sender
  const socket = await whatsApp.connect({
    session, business: 'shop', log: new Log('error', () => {}), wantsLatestVersion: false, sentContent: () => undefined,
    onEvent: (event) => {
      if (event.type === 'ack') void sender.acknowledged(event.id, event.error)
    },
  })
  /** @type {any} */
  const can = { canSend: true }
  sender = new Sender({ book, limitMS, ability: () => can, connection: () => socket, now: Date.now, log: new Log('error', () => {}) })
  t.after(async () => {
    await book.close()
    await session.close()
  })
  const send = (/** @type {number} */ number, to = TO) => sender.send({ id: messageID(number), to, content: { text: `text ${number}` } })
  return { whatsApp, book, sender, send, can, file }
}

test('a send is answered when WhatsApp has taken it', async (t) => {
  const { send, book, whatsApp } = await senderUnderTest(t)
  const { status, body } = await send(1)
  assert.equal(status, 200)
  assert.deepEqual({ ...body, durationMs: 0 }, { ok: true, messageId: messageID(1), duplicate: false, durationMs: 0 })
  assert.equal(book.find(messageID(1))?.state, 'sent')
  assert.deepEqual(whatsApp.sent.map(({ id, to }) => ({ id, to })), [{ id: messageID(1), to: TO }])
})

test('a repeated id gets the first answer and nothing goes out', async (t) => {
  const { send, whatsApp } = await senderUnderTest(t)
  await send(1)
  const again = await send(1)
  assert.equal(again.status, 200)
  assert.equal(again.body.duplicate, true)
  assert.equal(whatsApp.sent.length, 1)
})

test('a hundred at once under one id are one message', async (t) => {
  const { send, whatsApp } = await senderUnderTest(t)
  whatsApp.answers.shop = { how: 'ack', delayMS: 20 }
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(1)))
  assert.ok(answers.every(({ status }) => status === 200))
  assert.equal(answers.filter(({ body }) => body.duplicate === false).length, 1)
  assert.equal(whatsApp.sent.length, 1)
})

test('what WhatsApp does not answer stays open, and is not sent again', async (t) => {
  const { send, whatsApp, book } = await senderUnderTest(t, { limitMS: 60 })
  whatsApp.answers.shop = { how: 'none' }
  const first = await send(1)
  assert.equal(first.status, 504)
  assert.equal(first.body.state, 'sending')
  const again = await send(1)
  assert.deepEqual([again.status, again.body.duplicate], [504, true])
  assert.equal(book.find(messageID(1))?.state, 'sending')
  assert.equal(whatsApp.sent.length, 1)
})

test('an answer that comes after the limit settles it', async (t) => {
  const { send, whatsApp, book } = await senderUnderTest(t, { limitMS: 60 })
  whatsApp.answers.shop = { how: 'none' }
  await send(1)
  whatsApp.socket('shop').ack(messageID(1), TO)
  await until(() => book.find(messageID(1))?.state === 'sent', 'the late answer')
  assert.deepEqual([(await send(1)).status, whatsApp.sent.length], [200, 1])
})

test('what WhatsApp refuses is refused again without being sent again', async (t) => {
  const { send, whatsApp, book } = await senderUnderTest(t)
  whatsApp.answers.shop = { how: 'refuse', code: 463 }
  const { status, body } = await send(1)
  assert.deepEqual([status, body.error, body.code, body.duplicate], [422, 'refused', '463', false])
  assert.equal(book.find(messageID(1))?.state, 'failed')
  whatsApp.answers.shop = { how: 'ack' }
  const again = await send(1)
  assert.deepEqual([again.status, again.body.code, again.body.duplicate], [422, '463', true])
  assert.equal(whatsApp.sent.length, 1)
})

test('what surely did not go out may be tried again under its id', async (t) => {
  const { send, whatsApp, book } = await senderUnderTest(t)
  whatsApp.answers.shop = { how: 'closed' }
  const { status, body } = await send(1)
  assert.deepEqual([status, body.error], [409, 'cannot_send'])
  assert.equal(book.find(messageID(1))?.state, 'failed')
  whatsApp.answers.shop = { how: 'ack' }
  assert.equal((await send(1)).status, 200)
})

test('a socket that broke while it wrote leaves it open, and the answer may still come', async (t) => {
  const { send, whatsApp, book } = await senderUnderTest(t, { limitMS: 5000 })
  whatsApp.answers.shop = { how: 'broken' }
  const answer = send(1)
  await until(() => whatsApp.sent.length === 1, 'the write')
  assert.equal(book.find(messageID(1))?.state, 'sending')
  whatsApp.socket('shop').ack(messageID(1), TO)
  assert.equal((await answer).status, 200)
})

test('after a crash an open id is not sent again, and its receipt settles it', async (t) => {
  const file = path.join(folder(t), 'sent.log')
  const book = new SendBook(file, 1e9, 0)
  await book.begin(messageID(1), TO, Date.now())
  await book.close()
  const { send, whatsApp, sender } = await senderUnderTest(t, { file })
  const { status, body } = await send(1)
  assert.deepEqual([status, body.state, body.duplicate], [504, 'sending', true])
  await sender.acknowledged(messageID(1), undefined)
  assert.deepEqual([(await send(1)).status, whatsApp.sent.length], [200, 0])
})

test('a business that cannot send says why, and the id stays unknown', async (t) => {
  const { send, can, book, whatsApp } = await senderUnderTest(t)
  Object.assign(can, { canSend: false, why: 'restarting' })
  const { status, body } = await send(1)
  assert.deepEqual([status, body.error, body.reason], [409, 'cannot_send', 'restarting'])
  assert.deepEqual([book.find(messageID(1)), whatsApp.sent.length], [undefined, 0])
})

test('what the disk did not take is not sent, and may be tried again', async (t) => {
  const { send, book, whatsApp } = await senderUnderTest(t)
  const begin = book.begin.bind(book)
  book.begin = async (id, to, at) => {
    await begin(id, to, at)
    throw Object.assign(new Error(), { code: 'EIO' })
  }
  const { status, body } = await send(1)
  assert.deepEqual([status, body.reason, whatsApp.sent.length], [409, 'disk', 0])
  book.begin = begin
  assert.equal((await send(1)).status, 200)
})

test('sends to one chat go in order, others do not wait', async (t) => {
  const { send, whatsApp } = await senderUnderTest(t)
  const other = '972509999999@s.whatsapp.net'
  let letFirstGo = () => {}
  const answers = [{ how: 'ack', after: new Promise((resolve) => (letFirstGo = () => resolve(undefined))) }]
  whatsApp.answerOf = () => answers.shift() ?? { how: 'ack' }
  const first = send(1)
  await until(() => answers.length === 0, 'the first at the socket')
  const rest = [send(3), send(4)]
  assert.equal((await send(2, other)).status, 200)
  letFirstGo()
  await Promise.all([first, ...rest])
  assert.deepEqual(whatsApp.sent.filter(({ to }) => to === TO).map(({ id }) => id), [1, 3, 4].map(messageID))
  assert.equal(whatsApp.sent[0].to, other)
})

test('who waits too long behind another send was surely not sent', async (t) => {
  const { send, whatsApp, book } = await senderUnderTest(t, { limitMS: 80 })
  whatsApp.answers.shop = { how: 'hang' }
  const [first, second] = await Promise.all([send(1), send(2)])
  assert.equal(first.status, 504)
  // Its own limit may run out a moment after the first's, when the chat is free again and the socket hangs anew.
  if (second.status === 409) assert.equal(book.find(messageID(2)), undefined)
  else assert.equal(book.find(messageID(2))?.state, 'sending')
})

test('sends that WhatsApp does not answer are counted until one is answered', async (t) => {
  const { send, whatsApp, sender } = await senderUnderTest(t, { limitMS: 40 })
  whatsApp.answers.shop = { how: 'none' }
  await send(1)
  await send(2)
  assert.equal(sender.unanswered, 2)
  whatsApp.socket('shop').ack(messageID(2), TO)
  await until(() => sender.unanswered === 0, 'the answer')
})

test('a turn that is given up does not hold the others up', async () => {
  const lock = new ChatLock()
  const leave = await lock.enter('a', new AbortController().signal)
  const impatient = new AbortController()
  const second = lock.enter('a', impatient.signal)
  const third = lock.enter('a', new AbortController().signal)
  impatient.abort()
  assert.equal(await second, undefined)
  leave?.()
  assert.equal(typeof (await third), 'function')
})

test('a book tells since when it knows every id, also when it was rewritten or damaged', async (t) => {
  const file = path.join(folder(t), 'sent.log')
  const book = new SendBook(file, 1000, 100)
  assert.equal(book.remembersSince, 100)
  for (let n = 0; n < 60; n += 1) {
    await book.begin(messageID(n), TO, n < 50 ? 100 : 5000)
    book.keep(messageID(n), 'x'.repeat(100_000) + n)
  }
  book.forgetOld(5500)
  await book.close()
  const again = new SendBook(file, 1000, 5600)
  assert.equal(again.remembersSince, 100)
  await again.close()
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  lines[3] = 'damaged'
  fs.writeFileSync(file, lines.join('\n'))
  const damaged = new SendBook(file, 1000, 5700)
  assert.equal(damaged.damaged, 1)
  assert.equal(damaged.remembersSince, 5700)
  await damaged.close()
})

test('a book that is rewritten keeps states and contents, and drops what is old', async (t) => {
  const file = path.join(folder(t), 'sent.log')
  const book = new SendBook(file, 1000, 0)
  for (let n = 0; n < 60; n += 1) {
    await book.begin(messageID(n), TO, n < 50 ? 100 : 5000)
    book.keep(messageID(n), 'x'.repeat(100_000) + n)
  }
  await book.sent(messageID(57), 12)
  await book.failed(messageID(58), '463', true)
  book.forgetOld(5500)
  await book.close()
  const again = new SendBook(file, 1000, 5500)
  assert.equal(again.find(messageID(1)), undefined)
  assert.deepEqual(again.find(messageID(57)), { state: 'sent', at: 5000, to: TO, durationMs: 12 })
  assert.deepEqual(again.find(messageID(58)), { state: 'failed', at: 5000, to: TO, code: '463', isFinal: true })
  assert.equal(again.content(messageID(59)), 'x'.repeat(100_000) + 59)
  assert.deepEqual([...again.open()].length, 8)
  await again.close()
})
