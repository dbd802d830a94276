import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { Courier } from '../src/outbox/courier.js'
import { Outbox } from '../src/outbox/outbox.js'
import { poster } from '../src/outbox/post.js'
import { Log } from '../src/run/log.js'
import { Metrics } from '../src/run/metrics.js'
import { FakeAPI } from './support/fake-api.js'
import { folder } from './support/folder.js'
import { until } from './support/until.js'

/** @param {import('node:test').TestContext} t @param {{maxBytes?: number, file?: string}} [options] */
async function courierUnderTest(t, { maxBytes = 1 << 20, file = path.join(folder(t), 'messages.log') } = {}) {
  const api = await new FakeAPI().open(t)
  const outbox = new Outbox(file, maxBytes)
  /** @type {any[]} */
  const aside = []
  /** @type {string[]} */
  const lines = []
  const metrics = new Metrics()
  const courier = new Courier({
    business: 'shop', kind: 'messages', outbox, metrics, random: () => 0,
    post: poster(api.url + '/webhook', 'secret'), log: new Log('debug', (line) => lines.push(line)),
    aside: async (body, status) => void aside.push({ body, status }),
  })
  t.after(async () => {
    await courier.stop()
    await outbox.close()
  })
  return { api, outbox, courier, aside, lines, metrics, file, numbers: () => api.taken.map(({ body }) => body.n) }
}

test('bodies are posted in order, each once, with the secret', async (t) => {
  const { courier, numbers, api } = await courierUnderTest(t)
  for (let n = 1; n <= 20; n += 1) courier.add(JSON.stringify({ n }))
  await until(() => numbers().length === 20, 'all')
  assert.deepEqual(numbers(), Array.from({ length: 20 }, (_, i) => i + 1))
  assert.equal(api.taken[0].secret, 'secret')
})

test('what the API does not take waits, and those behind it', async (t) => {
  const { courier, numbers, api, outbox } = await courierUnderTest(t)
  api.next = [503, 503]
  courier.add('{"n":1}')
  courier.add('{"n":2}')
  await until(() => outbox.count === 0, 'both')
  assert.deepEqual(numbers(), [1, 2])
})

test('an API that is away gets it when it is back', async (t) => {
  const { courier, numbers, api, outbox } = await courierUnderTest(t)
  api.isAway = true
  courier.add('{"n":1}')
  await until(() => outbox.count === 1, 'the first')
  api.isAway = false
  await until(() => numbers().length === 1, 'the post')
})

test('a wrong secret holds everything, and is told as an error', async (t) => {
  const { courier, numbers, api, lines, aside } = await courierUnderTest(t)
  api.next = [401]
  courier.add('{"n":1}')
  await until(() => numbers().length === 1, 'the post')
  assert.ok(lines.some((line) => line.includes('"level":"error"') && line.includes('webhook_waits') && line.includes('401')))
  assert.equal(aside.length, 0)
})

test('what the API will never take is put aside, and the next follows', async (t) => {
  const { courier, numbers, api, aside, lines } = await courierUnderTest(t)
  api.next = [400]
  courier.add('{"n":1}')
  courier.add('{"n":2}')
  await until(() => numbers().length === 1, 'the second')
  assert.deepEqual([numbers(), aside], [[2], [{ body: '{"n":1}', status: 400 }]])
  assert.ok(lines.some((line) => line.includes('webhook_refused')))
})

test('bodies survive the process, without those that were taken', async (t) => {
  const file = path.join(folder(t), 'messages.log')
  const before = new Outbox(file, 1 << 20)
  for (let n = 1; n <= 3; n += 1) before.add(`{"n":${n}}`)
  before.done(/** @type {any} */ (before.first()).seq)
  await before.close()
  // A torn line at its end.
  fs.appendFileSync(file, '0123456789abcdef {"n":4,"b":"half')
  const { numbers } = await courierUnderTest(t, { file })
  await until(() => numbers().length === 2, 'the rest')
  assert.deepEqual(numbers(), [2, 3])
})

test('a full outbox refuses the new one, says so, and keeps the old', async (t) => {
  const { courier, api, lines, metrics, numbers } = await courierUnderTest(t, { maxBytes: 300 })
  api.isAway = true
  const kept = Array.from({ length: 10 }, (_, n) => courier.add(JSON.stringify({ n, filler: 'x'.repeat(40) })))
  assert.equal(kept[0], true)
  assert.equal(kept.at(-1), false)
  assert.ok(lines.some((line) => line.includes('outbox_filling')))
  assert.ok(lines.some((line) => line.includes('outbox_full')))
  assert.match(metrics.render(), /rejoinder_gateway_webhooks_lost_total\{kind="messages"\} \d/)
  api.isAway = false
  await until(() => numbers().length === kept.filter(Boolean).length, 'those that were kept')
})

test('an outbox that has been worked off takes little of the disk', async (t) => {
  const file = path.join(folder(t), 'messages.log')
  const outbox = new Outbox(file, 1 << 30)
  const body = JSON.stringify({ filler: 'x'.repeat(200_000) })
  for (let n = 0; n < 60; n += 1) {
    outbox.add(body)
    outbox.add(body)
    outbox.done(/** @type {any} */ (outbox.first()).seq)
    outbox.done(/** @type {any} */ (outbox.first()).seq)
  }
  outbox.add('{"last":true}')
  assert.equal(outbox.first()?.body, '{"last":true}')
  assert.ok(fs.statSync(file).size < 10 << 20)
  await outbox.close()
})
