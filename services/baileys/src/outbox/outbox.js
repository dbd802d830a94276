import { RecordLog } from '../disk/record-log.js'

/** Garbage below this is not worth a rewrite, bytes. */
const SMALL = 8 << 20

/**
 * Bodies for the API, on disk until it has taken them, oldest first. Bounded: what does not fit is refused, and whoever
 * adds must say so.
 */
export class Outbox {
  /** @type {RecordLog} */ #log
  /** @type {Array<{seq: number, place: import('../disk/record-log.js').Place}>} */ #waiting = []
  #head = 0
  #nextSeq = 1
  #bytes = 0
  #maxBytes

  /** @param {string} file @param {number} maxBytes of the bodies that wait */
  constructor(file, maxBytes) {
    this.#maxBytes = maxBytes
    const done = new Set()
    this.#log = new RecordLog(file, (record, place) => {
      if (record.d !== undefined) done.add(record.d)
      if (record.n !== undefined) this.#noteWaiting(record.n, place)
    })
    this.#waiting = this.#waiting.filter(({ seq }) => !done.has(seq))
    this.#bytes = this.#waiting.reduce((sum, { place }) => sum + place.length, 0)
  }

  get damaged() {
    return this.#log.damaged
  }

  /** Bodies that wait. */
  get count() {
    return this.#waiting.length - this.#head
  }

  /** Their bytes. */
  get bytes() {
    return this.#bytes
  }

  /** How full it is, 0 to 1. */
  get fullness() {
    return this.#bytes / this.#maxBytes
  }

  /**
   * Adds a body at the end. It survives this process from here on, and the machine when `durable` resolves.
   *
   * @param {string} body
   * @returns {import('../disk/record-log.js').Appended | undefined} undefined: full
   */
  add(body) {
    if (this.#bytes + body.length > this.#maxBytes) return undefined
    const seq = this.#nextSeq
    const appended = this.#log.append({ n: seq, b: body })
    this.#noteWaiting(seq, appended.place)
    return appended
  }

  /**
   * The oldest.
   *
   * @returns {{seq: number, body: string} | undefined}
   */
  first() {
    const first = this.#waiting[this.#head]
    return first && { seq: first.seq, body: this.#log.read(first.place).b }
  }

  /**
   * The oldest was taken, or put aside. A crash before the disk has this brings it again, which the API knows.
   *
   * @param {number} seq
   */
  done(seq) {
    const first = this.#waiting[this.#head]
    if (first?.seq !== seq) throw new Error('only the oldest can be done')
    this.#log.append({ d: seq })
    this.#head += 1
    this.#bytes -= first.place.length
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head)
      this.#head = 0
    }
    if (this.#log.size > SMALL + 2 * this.#bytes) this.#rewrite()
  }

  close() {
    return this.#log.close()
  }

  /** @param {number} seq @param {import('../disk/record-log.js').Place} place */
  #noteWaiting(seq, place) {
    this.#waiting.push({ seq, place })
    this.#nextSeq = seq + 1
    this.#bytes += place.length
  }

  #rewrite() {
    const waiting = this.#waiting.slice(this.#head)
    const log = this.#log
    const records = (function* () {
      for (const { place } of waiting) yield log.read(place)
    })()
    const places = log.rewrite(records)
    this.#waiting = waiting.map(({ seq }, index) => ({ seq, place: places[index] }))
    this.#head = 0
  }
}
