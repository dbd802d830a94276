import { RecordLog } from '../disk/record-log.js'

/** Garbage below this is not worth a rewrite, bytes. */
const SMALL = 4 << 20

/** The messages that brought media, on disk: the keys that open what lies on WhatsApp's servers are in them. */
export class MediaBook {
  /** @type {RecordLog} */ #log
  /** @type {Map<string, {at: number, place: import('../disk/record-log.js').Place}>} */ #places = new Map()
  #keepMS
  #rewriteAt = SMALL

  /** @param {string} file @param {number} keepMS @param {number} now ms since 1970 */
  constructor(file, keepMS, now) {
    this.#keepMS = keepMS
    this.#log = new RecordLog(file, ({ m, at }, place) => this.#places.set(m.key.id, { at, place }))
    this.forgetOld(now)
  }

  get damaged() {
    return this.#log.damaged
  }

  /** @param {any} message in wire form @param {number} now ms since 1970 */
  add(message, now) {
    const { place } = this.#log.append({ at: now, m: message })
    this.#places.set(message.key.id, { at: now, place })
  }

  /** @param {string} id @returns {any} in wire form */
  find(id) {
    const found = this.#places.get(id)
    return found && this.#log.read(found.place).m
  }

  /** @param {number} now ms since 1970 */
  forgetOld(now) {
    for (const [id, { at }] of this.#places) if (at < now - this.#keepMS) this.#places.delete(id)
    if (this.#log.size <= this.#rewriteAt) return
    const kept = [...this.#places.values()]
    const log = this.#log
    const records = (function* () {
      for (const { place } of kept) yield log.read(place)
    })()
    log.rewrite(records).forEach((place, index) => (kept[index].place = place))
    this.#rewriteAt = SMALL + 2 * this.#log.size
  }

  close() {
    return this.#log.close()
  }
}
