import assert from 'node:assert/strict'
import test from 'node:test'
import { backoff } from '../src/outbox/backoff.js'
import { verdict } from '../src/outbox/verdict.js'
import { mask } from '../src/run/mask.js'
import { judgeRepeat } from '../src/sending/repeat.js'
import { isSecret } from '../src/server/secret.js'
import { ability } from '../src/tenant/ability.js'
import { recipient } from '../src/tenant/recipient.js'
import { reconnect } from '../src/tenant/reconnect.js'
import { isTenantID } from '../src/tenant/tenant-id.js'

const able = { isDraining: false, isRestarting: false, isPaired: true, isOpen: true, unanswered: 0 }

for (const [change, why] of /** @type {const} */ ([
  [{}, undefined],
  [{ unanswered: 1 }, undefined],
  [{ unanswered: 2 }, 'whatsapp_does_not_answer'],
  [{ isOpen: false }, 'not_connected'],
  [{ isOpen: false, isPaired: false }, 'not_paired'],
  [{ isRestarting: true, isOpen: false }, 'restarting'],
  [{ isDraining: true, isRestarting: true }, 'draining'],
])) {
  test(`with ${JSON.stringify(change)} a business ${why ? `cannot send: ${why}` : 'can send'}`, () => {
    assert.deepEqual(ability({ ...able, ...change }), why ? { canSend: false, why } : { canSend: true })
  })
}

for (const [code, wanted] of /** @type {Array<[number, object]>} */ ([
  [515, { do: 'connect', afterMS: 0 }],
  [428, { do: 'connect', afterMS: 1000 }],
  [408, { do: 'connect', afterMS: 1000 }],
  [500, { do: 'connect', afterMS: 1000 }],
  [503, { do: 'connect', afterMS: 1000 }],
  [502, { do: 'connect', afterMS: 1000 }],
  [0, { do: 'connect', afterMS: 1000 }],
  [402, { do: 'connect', afterMS: 1_800_000, why: 'banned_for_a_time' }],
  [405, { do: 'connect', afterMS: 60_000, why: 'client_outdated', wantsLatestVersion: true }],
  [401, { do: 'pair', why: 'logged_out' }],
  [403, { do: 'pair', why: 'forbidden' }],
  [406, { do: 'pair', why: 'banned' }],
  [411, { do: 'pair', why: 'multi_device_mismatch' }],
  [440, { do: 'stop', why: 'replaced' }],
])) {
  test(`after code ${code} a paired business will ${JSON.stringify(wanted)}`, () => {
    assert.deepEqual(reconnect(code, { attempt: 1, isPaired: true, random: 0.5 }), wanted)
  })
}

test('a code that nobody scanned is not shown for ever', () => {
  assert.deepEqual(reconnect(408, { attempt: 1, isPaired: false, random: 0 }), { do: 'stop', why: 'qr_expired' })
})

test('waits double up to five minutes, moved by a fifth at most', () => {
  const waits = [1, 2, 3, 9, 10, 500].map((attempt) => reconnect(428, { attempt, isPaired: true, random: 0.5 }))
  assert.deepEqual(waits.map((wait) => 'afterMS' in wait && wait.afterMS), [1000, 2000, 4000, 256_000, 300_000, 300_000])
  assert.deepEqual(reconnect(428, { attempt: 1, isPaired: true, random: 0 }), { do: 'connect', afterMS: 800 })
  assert.deepEqual(reconnect(428, { attempt: 1, isPaired: true, random: 1 }), { do: 'connect', afterMS: 1200 })
})

test('a server that asks for a restart again and again is not run against', () => {
  assert.deepEqual(reconnect(515, { attempt: 4, isPaired: true, random: 0.5 }), { do: 'connect', afterMS: 8000 })
})

for (const [known, isUnderWay, wanted] of /** @type {Array<[any, boolean, string]>} */ ([
  [undefined, false, 'begin'],
  [{ state: 'sending' }, true, 'join'],
  [undefined, true, 'join'],
  [{ state: 'sending' }, false, 'unknown'],
  [{ state: 'sent' }, false, 'sent'],
  [{ state: 'failed', isFinal: false }, false, 'begin'],
  [{ state: 'failed', isFinal: true }, false, 'refused'],
])) {
  test(`an id known as ${JSON.stringify(known)}, ${isUnderWay ? '' : 'not '}under way: ${wanted}`, () => {
    assert.equal(judgeRepeat(known, isUnderWay), wanted)
  })
}

for (const [status, wanted] of /** @type {Array<[number | undefined, string]>} */ ([
  [200, 'done'], [204, 'done'], [400, 'aside'], [413, 'aside'], [415, 'aside'], [422, 'aside'],
  [401, 'again_misconfigured'], [403, 'again_misconfigured'], [404, 'again_misconfigured'], [302, 'again_misconfigured'],
  [408, 'again'], [429, 'again'], [500, 'again'], [503, 'again'], [undefined, 'again'],
])) {
  test(`a webhook answered ${status ?? 'by nobody'}: ${wanted}`, () => assert.equal(verdict(status), wanted))
}

test('a webhook waits double up to half a minute, and as long as the API asks', () => {
  assert.deepEqual([1, 2, 3, 7, 90].map((attempt) => backoff(attempt, 0.5, undefined)), [500, 1000, 2000, 30_000, 30_000])
  assert.equal(backoff(1, 0.5, 5000), 5000)
  assert.equal(backoff(1, 0.5, 1e9), 300_000)
})

for (const [to, wanted] of /** @type {Array<[unknown, string | undefined]>} */ ([
  ['972501234567', '972501234567@s.whatsapp.net'],
  ['+972501234567', '972501234567@s.whatsapp.net'],
  ['972501234567@s.whatsapp.net', '972501234567@s.whatsapp.net'],
  ['972501234567:12@s.whatsapp.net', '972501234567@s.whatsapp.net'],
  ['972501234567@c.us', '972501234567@s.whatsapp.net'],
  ['123456789012345@lid', '123456789012345@lid'],
  ['123456789012345:3@lid', '123456789012345@lid'],
  ['120363043211234567@g.us', '120363043211234567@g.us'],
  ['972501234567-1609459200@g.us', '972501234567-1609459200@g.us'],
  ['5511@hosted.lid', '5511@hosted.lid'],
  ['status@broadcast', undefined], ['123@newsletter', undefined], ['', undefined], ['abc', undefined], [972501234567, undefined],
  ['1@s.whatsapp.net\n', undefined], [null, undefined], ['12@s.whatsapp.net@lid', undefined],
])) {
  test(`a message to ${JSON.stringify(to)} goes to ${wanted}`, () => assert.equal(recipient(to), wanted))
}

test('a business is no path', () => {
  for (const id of ['business_1', 'a', 'Shop-2.de', 'x'.repeat(64)]) assert.ok(isTenantID(id), id)
  for (const id of ['', '.', '..', '.lock', '../x', 'a/b', 'a\\b', 'x'.repeat(65), 'ä', 'a b', 'a\n', 'a\0']) assert.ok(!isTenantID(id), JSON.stringify(id))
})

test('one of the secrets opens, and nothing else', () => {
  assert.ok(isSecret('one', ['one', 'two']))
  assert.ok(isSecret('two', ['one', 'two']))
  for (const given of [undefined, '', 'three', 'one ', 'on', ['one']]) assert.ok(!isSecret(given, ['one', 'two']))
  assert.ok(!isSecret('', []))
})

test('of a phone number the last four digits are left', () => {
  assert.equal(mask('sending to 972501234567 in 3000 ms'), 'sending to ••••••••4567 in 3000 ms')
})
