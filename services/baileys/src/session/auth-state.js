/**
 * Baileys' `AuthenticationState` (Types/Auth.ts) over a session store: `creds` and `keys`, whose values are texts by
 * Baileys' own `BufferJSON`.
 *
 * @param {import('./session-store.js').SessionStore} session
 * @param {Library} library
 */
export function authState(session, { BufferJSON, initAuthCreds, proto }) {
  const write = (/** @type {any} */ value) => JSON.stringify(value, BufferJSON.replacer)
  const read = (/** @type {string} */ text) => JSON.parse(text, BufferJSON.reviver)
  const nameOf = (/** @type {string} */ type, /** @type {string} */ id) => `${type}/${id}`

  // What an unfinished pairing left would be taken for a login: with a pairing code `me` is set before the phone has
  // agreed (Socket/socket.ts, `requestPairingCode`), and whoever has `me` logs in (`validateConnection`).
  if (!session.isPaired) session.reset()
  const { epoch } = session
  // A socket that was closed may still write; into the session after its own it may not.
  const set = async (/** @type {Record<string, string | null>} */ values) => {
    if (session.epoch === epoch) await session.set(values)
  }
  const kept = session.get('creds')
  const creds = kept === undefined ? initAuthCreds() : read(kept)

  return {
    state: {
      creds,
      keys: {
        /** @param {string} type @param {string[]} ids */
        async get(type, ids) {
          /** @type {Record<string, any>} */
          const found = {}
          for (const id of ids) {
            const text = session.get(nameOf(type, id))
            if (text === undefined) continue
            const value = read(text)
            // As `useMultiFileAuthState` does: this one must be WAProto's own type.
            found[id] = type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value) : value
          }
          return found
        },
        /**
         * All of it or, after a crash, none.
         *
         * @param {Record<string, Record<string, any>>} data
         */
        async set(data) {
          /** @type {Record<string, string | null>} */
          const values = {}
          for (const [type, items] of Object.entries(data)) {
            for (const [id, value] of Object.entries(items)) {
              values[nameOf(type, id)] = value === null || value === undefined ? null : write(value)
            }
          }
          await set(values)
        },
      },
    },
    /** Keeps `creds` as they are. The phone's signature over this device's key, `account`, comes with the pairing. */
    save: () => set({ creds: write(creds), paired: creds.account ? 'yes' : null }),
  }
}

/**
 * @typedef {{BufferJSON: {replacer: (key: string, value: any) => any, reviver: (key: string, value: any) => any},
 *   initAuthCreds: () => any, proto: any}} Library what of Baileys this needs
 */
