import fs from 'node:fs'
import { RecordLog } from '../disk/record-log.js'

/** Garbage below this is not worth a rewrite, bytes. */
const SMALL = 4 << 20

/**
 * One business's WhatsApp session on disk: names and JSON texts. What is set together is one record, so that a crash
 * leaves all of it or none: a ratchet's step and the key it used never part.
 *
 * Baileys brings `useMultiFileAuthState`, and its author "wouldn't endorse this for any production level use"
 * (Utils/use-multi-file-auth-state.ts): it writes each of a thousand files in place, so that a crash leaves half a file,
 * and what belongs together is written one by one.
 */
export class SessionStore {
  /** @type {RecordLog} */ #log
  /** @type {Map<string, string>} */ #values = new Map()
  #file
  #live = 0

  /** Grows when it begins anew, so that a socket of the session before can be told apart. */
  epoch = 0

  /** @param {string} file made when it is missing */
  constructor(file) {
    this.#file = file
    this.#log = new RecordLog(file, (record) => this.#apply(record))
  }

  get damaged() {
    return this.#log.damaged
  }

  /** @param {string} name @returns {string | undefined} */
  get(name) {
    return this.#values.get(name)
  }

  /**
   * Resolves when it is on the disk.
   *
   * @param {Record<string, string | null>} values null: forgotten
   */
  async set(values) {
    const appended = this.#log.append(values)
    this.#apply(values)
    await appended.durable
    if (this.#log.size > SMALL + 2 * this.#live) this.#log.rewrite(this.#records())
  }

  /** Whether a phone has taken this session for one of its devices: `paired` is set then. */
  get isPaired() {
    return this.#values.has('paired')
  }

  /** Begins anew. What there was is kept as `….before`, the last one only. */
  reset() {
    if (this.#values.size > 0) fs.copyFileSync(this.#file, this.#file + '.before')
    this.#log.rewrite([])
    this.#values.clear()
    this.#live = 0
    this.epoch += 1
  }

  close() {
    return this.#log.close()
  }

  /** @param {Record<string, string | null>} values */
  #apply(values) {
    for (const [name, value] of Object.entries(values)) {
      const old = this.#values.get(name)
      if (old !== undefined) this.#live -= name.length + old.length
      if (value === null) this.#values.delete(name)
      else {
        this.#values.set(name, value)
        this.#live += name.length + value.length
      }
    }
  }

  *#records() {
    for (const [name, value] of this.#values) yield { [name]: value }
  }
}
