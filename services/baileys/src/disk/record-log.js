import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * A file of JSON records that are only ever appended, a line each: the first 16 hex digits of the text's SHA-256, a space,
 * the text.
 *
 * A process killed at any byte leaves whole records and at most one torn line, which the next opening cuts off. A record
 * is with the kernel when `append` returns, so that it survives the process; it is on the disk, and survives the machine,
 * when the promise in `durable` resolves. Appends that come while the disk is busy share one wait.
 *
 * One process may have it open.
 */
export class RecordLog {
  #fd
  #path
  #size = 0
  /** @type {Promise<void> | undefined} */ #syncing
  /** @type {Promise<void> | undefined} */ #nextSync

  /** Whole lines whose checksum was wrong when it was opened: something else wrote there, or the disk lost it. */
  damaged = 0

  /**
   * @param {string} file made when it is missing; its folder exists
   * @param {(record: any, place: Place) => void} replay called for each record, oldest first, before this returns
   */
  constructor(file, replay) {
    this.#path = file
    // What a rewrite left when it was killed.
    fs.rmSync(file + '.new', { force: true })
    const isNew = !fs.existsSync(file)
    this.#fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_APPEND, 0o600)
    if (isNew) syncFolder(path.dirname(file))
    this.#replay(replay)
  }

  /** Bytes of the file. */
  get size() {
    return this.#size
  }

  /**
   * @param {object} record
   * @returns {Appended}
   * @throws when the disk does not take it: nothing was added then
   */
  append(record) {
    const line = Buffer.from(lineOf(record))
    const at = this.#size
    try {
      writeWhole(this.#fd, line)
    } catch (error) {
      fs.ftruncateSync(this.#fd, at)
      throw error
    }
    this.#size += line.length
    const log = this
    return {
      place: { at, length: line.length },
      get durable() {
        return log.sync()
      },
    }
  }

  /**
   * @param {Place} place of a record that was appended or replayed, and not rewritten since
   * @returns {any}
   */
  read({ at, length }) {
    const line = Buffer.alloc(length)
    fs.readSync(this.#fd, line, 0, length, at)
    const record = recordOf(line.subarray(0, length - 1).toString())
    if (record === undefined) throw new Error(`${path.basename(this.#path)} is damaged at byte ${at}`)
    return record
  }

  /**
   * Resolves when all that was appended before the call is on the disk.
   *
   * @returns {Promise<void>}
   */
  sync() {
    if (!this.#syncing) {
      this.#syncing = this.#fdatasync().finally(() => (this.#syncing = undefined))
      return this.#syncing
    }
    // What runs may have begun before the last append; one more serves all who wait.
    this.#nextSync ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#nextSync = undefined
        return this.sync()
      })
    return this.#nextSync
  }

  /**
   * Replaces all records at once: after a crash there are the old ones or the new ones. Places from before do not count.
   *
   * @param {Iterable<object>} records may read from this log
   * @returns {Place[]} the new ones, in order
   */
  rewrite(records) {
    const file = this.#path + '.new'
    const fd = fs.openSync(file, 'w+', 0o600)
    /** @type {Place[]} */
    const places = []
    let size = 0
    try {
      for (const record of records) {
        const line = Buffer.from(lineOf(record))
        writeWhole(fd, line)
        places.push({ at: size, length: line.length })
        size += line.length
      }
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
    fs.renameSync(file, this.#path)
    syncFolder(path.dirname(this.#path))
    const old = this.#fd
    this.#fd = fs.openSync(this.#path, fs.constants.O_RDWR | fs.constants.O_APPEND)
    this.#size = size
    // A sync may be under way on the old one.
    const close = () => fs.closeSync(old)
    if (this.#syncing) this.#syncing.then(close, close)
    else close()
    return places
  }

  /** Ends it, with everything on the disk. */
  async close() {
    await this.sync()
    fs.closeSync(this.#fd)
  }

  #fdatasync() {
    return /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => fs.fdatasync(this.#fd, (error) => (error ? reject(error) : resolve())))
    )
  }

  /** @param {(record: any, place: Place) => void} replay */
  #replay(replay) {
    const bytes = fs.readFileSync(this.#path)
    let at = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      const record = recordOf(bytes.subarray(at, end).toString())
      if (record === undefined) this.damaged += 1
      else replay(record, { at, length: end + 1 - at })
      at = end + 1
    }
    if (at < bytes.length) fs.ftruncateSync(this.#fd, at)
    this.#size = at
  }
}

/** @param {object} record */
function lineOf(record) {
  const text = JSON.stringify(record)
  return `${checksum(text)} ${text}\n`
}

/** @param {string} line without its end. Undefined when it is not as it was written. */
function recordOf(line) {
  const text = line.slice(17)
  if (line[16] !== ' ' || line.slice(0, 16) !== checksum(text)) return undefined
  return JSON.parse(text)
}

/** @param {string} text */
function checksum(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** @param {number} fd @param {Buffer} bytes */
function writeWhole(fd, bytes) {
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(fd, bytes, written)
}

/**
 * Makes a file's name survive the machine.
 *
 * @param {string} folder
 */
function syncFolder(folder) {
  const fd = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/**
 * @typedef {{at: number, length: number}} Place where a record lies in its file, in bytes
 * @typedef {{place: Place, readonly durable: Promise<void>}} Appended
 */
