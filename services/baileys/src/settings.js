import fs from 'node:fs'
import path from 'node:path'

/**
 * Every setting: its default and meaning as docs/gateway.md has them (a test compares), and how its text is read. A reader
 * throws what is wrong with it.
 */
export const SETTINGS = {
  INTERNAL_SECRET: { default: undefined, example: 'openssl rand -hex 32', read: secret },
  INTERNAL_SECRET_PREVIOUS: { default: '', example: 'the secret before', read: text },
  API_URL: { default: 'http://127.0.0.1:8080', example: 'http://api:8080', read: url },
  GATEWAY_HOST: { default: '0.0.0.0', example: '127.0.0.1', read: text },
  GATEWAY_PORT: { default: '3300', example: '3300', read: number(0, 65535) },
  GATEWAY_DATA_DIR: { default: 'data', example: '/var/lib/rejoinder-gateway', read: text },
  GATEWAY_SEND_SECONDS: { default: '30', example: '30', read: number(1, 600) },
  GATEWAY_OUTBOX_MAX_BYTES: { default: '268435456', example: '268435456', read: number(65536, 2 ** 40) },
  GATEWAY_KEEP_HOURS: { default: '168', example: '168', read: number(1, 8760) },
  GATEWAY_HISTORY: { default: 'unanswered', example: 'all', read: choice('unanswered', 'all', 'none') },
  GATEWAY_MARK_ONLINE: { default: '0', example: '1', read: choice('0', '1') },
  GATEWAY_WHATSAPP_VERSION: { default: '', example: '2.3000.1035194821', read: version },
  MEDIA_MAX_BYTES: { default: '16777216', example: '16777216', read: number(1024, 2 ** 30) },
  SHUTDOWN_GRACE_SECONDS: { default: '25', example: '25', read: number(1, 3600) },
  LOG_LEVEL: { default: 'info', example: 'warning', read: choice('debug', 'info', 'warning', 'error') },
}

/**
 * Reads all of them and tells all faults together.
 *
 * @param {Record<string, string | undefined>} environment `NAME_FILE` names a file to read `NAME` from
 * @returns {Settings}
 * @throws {SettingsFault}
 */
export function readSettings(environment) {
  /** @type {string[]} */
  const faults = []
  /** @type {Record<string, any>} */
  const values = {}
  for (const [name, setting] of Object.entries(SETTINGS)) {
    try {
      const given = find(name, environment) || setting.default
      if (given === undefined) throw new Error('is not set')
      values[name] = setting.read(given)
    } catch (error) {
      faults.push(`${name} ${/** @type {Error} */ (error).message}; for example ${setting.example}`)
    }
  }
  if (faults.length) throw new SettingsFault(faults)
  return {
    secrets: [values.INTERNAL_SECRET, values.INTERNAL_SECRET_PREVIOUS].filter((secret) => secret !== ''),
    apiURL: values.API_URL,
    host: values.GATEWAY_HOST,
    port: values.GATEWAY_PORT,
    folder: path.resolve(values.GATEWAY_DATA_DIR),
    sendLimitMS: values.GATEWAY_SEND_SECONDS * 1000,
    outboxMaxBytes: values.GATEWAY_OUTBOX_MAX_BYTES,
    keepMS: values.GATEWAY_KEEP_HOURS * 3_600_000,
    history: values.GATEWAY_HISTORY,
    markOnline: values.GATEWAY_MARK_ONLINE === '1',
    whatsappVersion: values.GATEWAY_WHATSAPP_VERSION,
    mediaMaxBytes: values.MEDIA_MAX_BYTES,
    graceMS: values.SHUTDOWN_GRACE_SECONDS * 1000,
    logLevel: values.LOG_LEVEL,
  }
}

/** All that is wrong with the settings. Never holds a value. */
export class SettingsFault extends Error {
  /** @param {string[]} faults */
  constructor(faults) {
    super('bad configuration:\n' + faults.map((fault) => `  - ${fault}`).join('\n'))
  }
}

/** @param {string} name @param {Record<string, string | undefined>} environment */
function find(name, environment) {
  const file = environment[name + '_FILE']
  if (!file) return environment[name]
  try {
    return fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new Error('cannot be read from the file that its _FILE names')
  }
}

/** @param {string} value */
function text(value) {
  return value
}

/** @param {string} value */
function secret(value) {
  if (/[^\x21-\x7e]/.test(value)) throw new Error('must be printable ASCII without spaces')
  return value
}

/** @param {string} value without a slash at its end */
function url(value) {
  if (!/^https?:\/\/[^\s/]/.test(value) || !URL.canParse(value)) throw new Error('must be an http or https URL')
  return value.replace(/\/+$/, '')
}

/** @param {number} least @param {number} most */
function number(least, most) {
  return (/** @type {string} */ value) => {
    const read = Number(value)
    if (!/^\d+$/.test(value) || read < least || read > most) {
      throw new Error(`must be a whole number from ${least} to ${most}`)
    }
    return read
  }
}

/** @param {string[]} words */
function choice(...words) {
  return (/** @type {string} */ value) => {
    if (!words.includes(value)) throw new Error(`must be one of ${words.join(', ')}`)
    return value
  }
}

/** @param {string} value */
function version(value) {
  if (value === '') return undefined
  if (!/^\d+\.\d+\.\d+$/.test(value)) throw new Error('must be three numbers with points between them')
  return value.split('.').map(Number)
}

/**
 * @typedef {object} Settings
 * @property {string[]} secrets any of them opens the gateway; the first is shown to the API
 * @property {string} apiURL without a slash at its end
 * @property {string} host
 * @property {number} port 0: a free one
 * @property {string} folder where everything is kept, absolute
 * @property {number} sendLimitMS
 * @property {number} outboxMaxBytes of one business's messages, and again of its receipts
 * @property {number} keepMS how long ids and contents of messages are kept
 * @property {'unanswered' | 'all' | 'none'} history
 * @property {boolean} markOnline
 * @property {[number, number, number] | undefined} whatsappVersion undefined: the library's own
 * @property {number} mediaMaxBytes
 * @property {number} graceMS
 * @property {import('./run/log.js').Level} logLevel
 */
