import { backoff } from './backoff.js'
import { verdict } from './verdict.js'
import { codeOf } from '../run/error-code.js'

/** Past this the operator is told. */
const ALARM = 0.5
/** Between tries while the disk fails, ms. */
const DISK_PAUSE = 10_000
/** How long an end waits for the API, ms. */
const LAST_ANSWER = 2000

/**
 * Posts one outbox's bodies, one at a time and in order, each until the API takes it. Nothing waits for it.
 */
export class Courier {
  #isRunning = false
  #isStopped = false
  #attempt = 0
  #wasAlarmed = false
  /** @type {(() => void) | undefined} */ #wake
  /** @type {Promise<void>} */ #run = Promise.resolve()

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts
    this.#kick()
  }

  /**
   * Keeps a body and posts it when its turn comes.
   *
   * @param {string} body
   * @returns {boolean} false: it is lost, and that was told
   */
  add(body) {
    const { outbox, log, metrics, kind, business } = this.parts
    let appended
    try {
      appended = outbox.add(body)
    } catch (error) {
      log.error('disk_failed', 'A webhook could not be kept', { business, kind, error: codeOf(error) })
    }
    if (!appended) {
      metrics.count('rejoinder_gateway_webhooks_lost_total', 'Webhooks that the outbox had no place for', { kind })
      log.error('outbox_full', 'A webhook is lost: the outbox is full', { business, kind, bytes: outbox.bytes, count: outbox.count })
      return false
    }
    appended.durable.catch((error) => log.error('disk_failed', 'The outbox is not on the disk', { business, kind, error: codeOf(error) }))
    this.#alarm()
    this.#kick()
    return true
  }

  /** Ends after the body that is being posted, or without its answer: then it is posted again at the next start. */
  async stop() {
    this.#isStopped = true
    this.#wake?.()
    await Promise.race([this.#run, new Promise((resolve) => setTimeout(resolve, LAST_ANSWER).unref())])
  }

  #kick() {
    if (this.#isRunning || this.#isStopped) return
    this.#isRunning = true
    this.#run = this.#work()
      .catch((error) => {
        // The disk. A body that was taken and could not be crossed out is posted again, which the API knows.
        const { log, kind, business } = this.parts
        log.error('disk_failed', 'The outbox cannot be worked on', { business, kind, error: codeOf(error) })
        return this.#sleep(DISK_PAUSE)
      })
      .finally(() => {
        this.#isRunning = false
        // What came while this was ending.
        if (this.parts.outbox.count > 0) this.#kick()
      })
  }

  async #work() {
    const { outbox, post, aside, log, metrics, kind, business, random } = this.parts
    for (let first = outbox.first(); first && !this.#isStopped; first = outbox.first()) {
      const { status, retryAfterMS } = await post(first.body)
      const judged = verdict(status)
      metrics.count('rejoinder_gateway_webhooks_total', 'Webhooks posted', { kind, outcome: judged })
      if (judged === 'done' || judged === 'aside') {
        if (judged === 'aside') {
          await aside(first.body, status)
          log.error('webhook_refused', 'The API will not take a webhook; it was put aside', { business, kind, status })
        }
        this.#attempt = 0
        outbox.done(first.seq)
        this.#wasAlarmed &&= outbox.fullness > ALARM / 2
        continue
      }
      this.#attempt += 1
      const delay = backoff(this.#attempt, random(), retryAfterMS)
      const say = judged === 'again_misconfigured' ? 'error' : 'warning'
      // Told at the first failure, and then ever more seldom.
      if ((this.#attempt & (this.#attempt - 1)) === 0) {
        log[say]('webhook_waits', 'The API does not take a webhook; it waits', {
          business, kind, status, attempt: this.#attempt, delay_ms: delay, count: outbox.count,
        })
      }
      await this.#sleep(delay)
    }
  }

  #alarm() {
    const { outbox, log, kind, business } = this.parts
    if (this.#wasAlarmed || outbox.fullness < ALARM) return
    this.#wasAlarmed = true
    log.error('outbox_filling', 'The outbox is half full: the API has not taken webhooks for long', {
      business, kind, bytes: outbox.bytes, count: outbox.count,
    })
  }

  /** @param {number} ms */
  #sleep(ms) {
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    )
  }
}

/**
 * @typedef {object} Parts
 * @property {string} business
 * @property {'messages' | 'receipts'} kind
 * @property {import('./outbox.js').Outbox} outbox
 * @property {(body: string) => Promise<{status?: number, retryAfterMS?: number}>} post
 * @property {(body: string, status: number | undefined) => Promise<void>} aside keeps what the API will never take
 * @property {() => number} random 0 to 1
 * @property {import('../run/log.js').Log} log
 * @property {import('../run/metrics.js').Metrics} metrics
 */
