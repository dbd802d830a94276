import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'

/** What of Baileys the gateway uses, as a test wants it. The shapes are those of its source at 7.0.0-rc13. */
export function fakeLibrary() {
  const library = {
    /** @type {any} */ sock: undefined,
    /** @type {any} */ options: undefined,
    /** @type {any} */ relayFault: undefined,
    /** @type {any} */ download: undefined,
    BufferJSON: {
      replacer: (/** @type {string} */ _, /** @type {any} */ value) =>
        value?.type === 'Buffer' ? { type: 'Buffer', data: Buffer.from(value.data).toString('base64') } : value,
      reviver: (/** @type {string} */ _, /** @type {any} */ value) => (value?.type === 'Buffer' ? Buffer.from(value.data, 'base64') : value),
    },
    initAuthCreds: () => ({ noiseKey: 'new' }),
    proto: {
      Message: {
        AppStateSyncKeyData: { fromObject: (/** @type {any} */ value) => ({ proto: value }) },
        encode: (/** @type {any} */ message) => ({ finish: () => Buffer.from(JSON.stringify(message)) }),
        decode: (/** @type {Buffer} */ bytes) => JSON.parse(bytes.toString()),
      },
      WebMessageInfo: { fromObject: (/** @type {any} */ value) => ({ revived: value }) },
    },
    Browsers: { macOS: (/** @type {string} */ name) => ['Mac OS', name, '14.4.1'] },
    makeCacheableSignalKeyStore: (/** @type {any} */ keys) => keys,
    fetchLatestWaWebVersion: async () => ({ version: [2, 3000, 9], isLatest: true }),
    generateWAMessage: async (/** @type {string} */ _, /** @type {any} */ content, /** @type {any} */ { messageId }) => {
      if (content.text === 'unsendable') throw boom(400)
      return { key: { id: messageId }, message: { extendedTextMessage: content } }
    },
    downloadMediaMessage: async (/** @type {any[]} */ ...given) => library.download(...given),
    makeWASocket(/** @type {any} */ options) {
      library.options = options
      /** @type {any[]} */
      const relayed = []
      library.sock = {
        ev: new EventEmitter(), ws: new EventEmitter(), relayed, user: { id: '1:2@s.whatsapp.net', lid: '7:2@lid' },
        groupQueries: 0, ended: 0,
        async relayMessage(/** @type {any[]} */ ...given) {
          if (library.relayFault) throw library.relayFault
          relayed.push(given)
        },
        async groupMetadata(/** @type {string} */ jid) {
          this.groupQueries += 1
          return { id: jid, participants: [] }
        },
        waUploadToServer() {},
        updateMediaMessage() {},
        end() {
          this.ended += 1
        },
      }
      return library.sock
    },
  }
  return library
}

/**
 * An error as Baileys throws them.
 *
 * @param {number} statusCode
 */
export function boom(statusCode) {
  return Object.assign(new Error('Connection Closed'), { output: { statusCode } })
}

/** @param {string} text */
export function stream(text) {
  return Readable.from([Buffer.from(text)])
}
