const LEVELS = /** @type {const} */ (['debug', 'info', 'warning', 'error'])

/**
 * One JSON object a line, on stderr: `ts, level, event, msg`, then fields. `msg` is a fixed phrase; no field ever holds a
 * message's text, a secret or a whole phone number.
 */
export class Log {
  #least
  #write

  /**
   * @param {Level} level the least that is written
   * @param {(line: string) => void} [write]
   */
  constructor(level = 'info', write = (line) => process.stderr.write(line)) {
    this.#least = LEVELS.indexOf(level)
    this.#write = write
  }

  /** @param {string} event @param {string} msg @param {Fields} [fields] */
  debug(event, msg, fields) {
    this.#add('debug', event, msg, fields)
  }

  /** @param {string} event @param {string} msg @param {Fields} [fields] */
  info(event, msg, fields) {
    this.#add('info', event, msg, fields)
  }

  /** @param {string} event @param {string} msg @param {Fields} [fields] */
  warning(event, msg, fields) {
    this.#add('warning', event, msg, fields)
  }

  /** @param {string} event @param {string} msg @param {Fields} [fields] */
  error(event, msg, fields) {
    this.#add('error', event, msg, fields)
  }

  /** @param {Level} level @param {string} event @param {string} msg @param {Fields} [fields] */
  #add(level, event, msg, fields) {
    if (LEVELS.indexOf(level) < this.#least) return
    this.#write(JSON.stringify({ ts: new Date().toISOString(), level, event, msg, ...fields }) + '\n')
  }
}

/**
 * @typedef {typeof LEVELS[number]} Level
 * @typedef {{business?: string, message_id?: string, to?: string, reason?: string, error?: string, status?: number,
 *   count?: number, kind?: string, attempt?: number, delay_ms?: number, duration_ms?: number, port?: number,
 *   address?: string, bytes?: number, version?: string, traceparent?: string}} Fields
 */
