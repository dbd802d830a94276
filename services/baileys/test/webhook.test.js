import assert from 'node:assert/strict'
import test from 'node:test'
import { mediaOf } from '../src/media/media-of.js'
import { bodies } from '../src/webhook/bodies.js'
import { fromHistory } from '../src/webhook/history.js'
import { receiptsAmong } from '../src/webhook/receipts.js'
import { toWire } from '../src/webhook/wire.js'

test('what Baileys emits becomes plain JSON', () => {
  class Message {
    constructor() {
      this.mediaKey = Uint8Array.of(1, 2, 3)
      this.fileLength = { low: 5, high: 1, unsigned: true }
      this.jpegThumbnail = Buffer.alloc(9999)
      this.caption = undefined
    }
    toJSON() {
      return 'not used'
    }
  }
  const wire = toWire({ key: { id: 'A', remoteJidAlt: '1@lid' }, message: { imageMessage: new Message() }, messageTimestamp: { low: -1, high: 0, unsigned: true }, list: [null, true, 3n] })
  assert.deepEqual(wire, {
    key: { id: 'A', remoteJidAlt: '1@lid' }, message: { imageMessage: { mediaKey: 'AQID', fileLength: 4294967301 } },
    messageTimestamp: 4294967295, list: [null, true, 3],
  })
})

test('bodies are of a size that the API takes, in order, and none is left out', () => {
  const small = Array.from({ length: 250 }, (_, n) => ({ n }))
  const made = bodies(small, (items) => ({ items })).map((text) => JSON.parse(text).items)
  assert.deepEqual(made.map((items) => items.length), [100, 100, 50])
  assert.deepEqual(made.flat(), small)
  const large = Array.from({ length: 5 }, (_, n) => ({ n, filler: 'é'.repeat(200_000) }))
  for (const text of bodies(large, (items) => ({ items }))) assert.ok(Buffer.byteLength(text) < 1 << 20)
  assert.deepEqual(bodies([], (items) => ({ items })), [])
})

const history = [
  ['c', 'a', false, 30], ['b', 'b', false, 25], ['d', 'a', false, 40], ['o', 'a', true, 20], ['e', 'a', false, 10],
].map(([id, chat, fromMe, at]) => ({ key: { id, remoteJid: `${chat}@s.whatsapp.net`, fromMe }, messageTimestamp: at }))

for (const [wanted, ids] of /** @type {const} */ ([['unanswered', ['b', 'c', 'd']], ['all', ['e', 'o', 'b', 'c', 'd']], ['none', []]])) {
  test(`of a history, ${wanted}: ${ids.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(fromHistory(history, wanted).map(({ key }) => key.id), ids)
  })
}

test('only what became of our own messages is a receipt', () => {
  const ours = { key: { id: 'A', fromMe: true }, update: { status: 3 } }
  const others = [
    { key: { id: 'B', fromMe: false }, update: { status: 4 } },
    { key: { id: 'C', fromMe: true }, update: { message: null, messageStubType: 1 } },
    { key: { id: 'D', fromMe: true }, update: { messageStubParameters: ['x'] } },
    { key: { fromMe: true }, update: { status: 3 } }, { update: { status: 3 } },
  ]
  const failed = { key: { id: 'E', fromMe: true }, update: { status: 0, messageStubParameters: ['463'] } }
  assert.deepEqual(receiptsAmong([ours, ...others, failed]), [ours, failed])
})

test('media is found in whatever is around it', () => {
  const image = { imageMessage: { mimetype: 'image/jpeg', fileLength: 12 } }
  assert.deepEqual(mediaOf({ message: image }), { mimetype: 'image/jpeg', bytes: 12 })
  assert.deepEqual(mediaOf({ message: { ephemeralMessage: { message: { viewOnceMessageV2: { message: image } } } } }), { mimetype: 'image/jpeg', bytes: 12 })
  assert.deepEqual(mediaOf({ message: { audioMessage: { mimetype: 'audio/ogg; codecs=opus' } } }), { mimetype: 'audio/ogg; codecs=opus', bytes: 0 })
  assert.equal(mediaOf({ message: { documentMessage: { mimetype: 'text/html\r\nX: y' } } })?.mimetype, 'application/octet-stream')
  for (const nothing of [undefined, {}, { message: null }, { message: { conversation: 'Hi' } }, { message: { ephemeralMessage: null } }, { message: 'x' }]) assert.equal(mediaOf(nothing), undefined)
})
