/** Changes come as events; this is for those that were missed. */
const LIFETIME_MS = 300_000
const MOST = 1000

/**
 * What Baileys asks of a group each time it sends to it (`cachedGroupMetadata`, Types/Socket.ts). Without this each send
 * costs a query, and WhatsApp limits those.
 */
export class GroupCache {
  /** @type {Map<string, {until: number, metadata: any}>} */ #groups = new Map()

  /** @param {(jid: string) => Promise<any>} ask @param {() => number} now ms */
  constructor(ask, now = () => performance.now()) {
    this.ask = ask
    this.now = now
  }

  /** @param {string} jid */
  async find(jid) {
    const known = this.#groups.get(jid)
    if (known && known.until > this.now()) return known.metadata
    const metadata = await this.ask(jid)
    if (this.#groups.size >= MOST) this.#groups.delete(/** @type {string} */ (this.#groups.keys().next().value))
    this.#groups.set(jid, { until: this.now() + LIFETIME_MS, metadata })
    return metadata
  }

  /** @param {string | undefined} jid */
  forget(jid) {
    if (jid) this.#groups.delete(jid)
  }
}
