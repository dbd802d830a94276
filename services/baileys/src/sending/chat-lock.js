/**
 * Lets one send at a time into each chat, in the order they came; chats do not wait for each other. Baileys encrypts for
 * one contact step by step, so that two sends to one chat could overtake each other.
 */
export class ChatLock {
  /** @type {Map<string, Promise<void>>} */ #last = new Map()

  /**
   * Waits for its turn.
   *
   * @param {string} chat
   * @param {AbortSignal} signal gives up waiting
   * @returns {Promise<(() => void) | undefined>} ends the turn; undefined: given up, and the others go on in order
   */
  async enter(chat, signal) {
    const before = this.#last.get(chat)
    /** @type {() => void} */
    let leave = () => {}
    const turn = /** @type {Promise<void>} */ (new Promise((resolve) => (leave = resolve)))
    const mine = (before ?? Promise.resolve()).then(() => turn)
    this.#last.set(chat, mine)
    mine.then(() => {
      if (this.#last.get(chat) === mine) this.#last.delete(chat)
    })
    if (!before) return leave
    if (await isFirst(before, signal)) return leave
    leave()
    return undefined
  }
}

/**
 * Whether the promise resolves before the signal comes.
 *
 * @param {Promise<void>} promise
 * @param {AbortSignal} signal
 */
function isFirst(promise, signal) {
  return /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      if (signal.aborted) return resolve(false)
      const giveUp = () => resolve(false)
      signal.addEventListener('abort', giveUp, { once: true })
      promise.then(() => {
        signal.removeEventListener('abort', giveUp)
        resolve(true)
      })
    })
  )
}
