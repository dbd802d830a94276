import { RecordLog } from '../disk/record-log.js'

/** Garbage below this is not worth a rewrite, bytes. */
const SMALL = 4 << 20

/**
 * What became of each message this business sent, by its id, on disk. An id is noted as `sending` before WhatsApp's socket
 * gets it, so that after a crash no id that may be out is unknown here. Contents are kept with it: a contact's phone that
 * cannot decrypt asks for them again.
 */
export class SendBook {
  /** @type {RecordLog} */ #log
  /** @type {Map<string, Entry>} */ #entries = new Map()
  #keepMS
  #rewriteAt = SMALL
  /** @type {number | undefined} */ #begunAt

  /** @param {string} file @param {number} keepMS how long an id is known @param {number} now ms since 1970 */
  constructor(file, keepMS, now) {
    this.#keepMS = keepMS
    this.#log = new RecordLog(file, (record, place) => this.#apply(record, place))
    // Lines that were lost may have been the latest: then nothing before now is surely known.
    if (this.#log.size === 0 || this.#log.damaged > 0) this.#start(now)
    this.forgetOld(now)
  }

  /** Of what was sent before, an id that is not known may be one; ms since 1970. Undefined: a book of an older gateway's. */
  get remembersSince() {
    return this.#begunAt
  }

  get damaged() {
    return this.#log.damaged
  }

  /** @param {string} id @returns {Known | undefined} */
  find(id) {
    return this.#entries.get(id)?.known
  }

  /** Ids whose outcome is open. */
  *open() {
    for (const [id, { known }] of this.#entries) if (known.state === 'sending') yield id
  }

  /**
   * Notes that the socket is about to get it. Resolves when that is on the disk.
   *
   * @param {string} id @param {string} to @param {number} at ms since 1970
   */
  async begin(id, to, at) {
    await this.#add({ id, s: 'sending', to, at }).durable
  }

  /**
   * The encoded content, base64, for `content`. Not waited for: only a repeat to a phone needs it.
   *
   * @param {string} id
   * @param {string} content
   */
  keep(id, content) {
    this.#add({ id, c: content })
  }

  /**
   * WhatsApp took it.
   *
   * @param {string} id
   * @param {number} durationMs
   */
  async sent(id, durationMs) {
    await this.#add({ id, s: 'sent', ms: Math.round(durationMs) }).durable
  }

  /**
   * It is surely not out.
   *
   * @param {string} id @param {string} code
   * @param {boolean} isFinal WhatsApp itself refused it: the same id is not tried again
   */
  async failed(id, code, isFinal) {
    await this.#add({ id, s: 'failed', code, final: isFinal }).durable
  }

  /**
   * What was sent under an id, encoded, base64.
   *
   * @param {string} id
   * @returns {string | undefined}
   */
  content(id) {
    const place = this.#entries.get(id)?.content
    return place && this.#log.read(place).c
  }

  /**
   * Drops what is older than it need be known.
   *
   * @param {number} now ms since 1970
   */
  forgetOld(now) {
    const oldest = now - this.#keepMS
    for (const [id, { known }] of this.#entries) if (known.at < oldest) this.#entries.delete(id)
    if (this.#log.size > this.#rewriteAt) this.#rewrite()
  }

  close() {
    return this.#log.close()
  }

  /** @param {number} at ms since 1970 */
  #start(at) {
    this.#log.append({ begun: at })
    this.#begunAt = at
  }

  /** @param {any} record */
  #add(record) {
    const appended = this.#log.append(record)
    this.#apply(record, appended.place)
    return appended
  }

  /** @param {any} record @param {import('../disk/record-log.js').Place} place */
  #apply(record, place) {
    if (record.begun !== undefined) {
      this.#begunAt = record.begun
      return
    }
    let entry = this.#entries.get(record.id)
    if (!entry) this.#entries.set(record.id, (entry = { known: { state: 'sending', at: record.at ?? 0, to: '' } }))
    if (record.c !== undefined) entry.content = place
    if (record.s === 'sending') entry.known = { state: 'sending', at: record.at, to: record.to }
    if (record.s === 'sent') entry.known = { ...entry.known, state: 'sent', durationMs: record.ms }
    if (record.s === 'failed') entry.known = { ...entry.known, state: 'failed', code: record.code, isFinal: record.final }
  }

  #rewrite() {
    /** @type {Array<[Entry | undefined, boolean]>} */
    const written = []
    const places = this.#log.rewrite(this.#records(written))
    written.forEach(([entry, isContent], index) => {
      if (entry && isContent) entry.content = places[index]
    })
    this.#rewriteAt = SMALL + 2 * this.#log.size
  }

  /** @param {Array<[Entry | undefined, boolean]>} written what each record is of, in order */
  *#records(written) {
    if (this.#begunAt !== undefined) {
      written.push([undefined, false])
      yield { begun: this.#begunAt }
    }
    for (const [id, entry] of this.#entries) {
      const { state, at, to, durationMs, code, isFinal } = entry.known
      written.push([entry, false])
      yield { id, s: 'sending', to, at }
      if (state === 'sent') {
        written.push([entry, false])
        yield { id, s: 'sent', ms: durationMs }
      }
      if (state === 'failed') {
        written.push([entry, false])
        yield { id, s: 'failed', code, final: isFinal }
      }
      if (entry.content) {
        const record = this.#log.read(entry.content)
        written.push([entry, true])
        yield record
      }
    }
  }
}

/**
 * @typedef {object} Known
 * @property {'sending' | 'sent' | 'failed'} state
 * @property {number} at when the socket got it, ms since 1970
 * @property {string} to
 * @property {number} [durationMs] of the send, once sent
 * @property {string} [code] why it failed
 * @property {boolean} [isFinal] WhatsApp refused it
 *
 * @typedef {{known: Known, content?: import('../disk/record-log.js').Place}} Entry
 */
