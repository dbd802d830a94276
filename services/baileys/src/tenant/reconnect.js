/** Waits double from the first to the last, ms. */
const FIRST_WAIT = 1000
const LAST_WAIT = 300_000

/**
 * What to do when a socket was closed. Codes: Baileys' `DisconnectReason` (Types/index.ts: 401, 403, 408, 411, 428, 440,
 * 500, 503, 515), WhatsApp's own `<failure reason>` which Baileys hands on as it is (Socket/socket.ts, `CB:failure`), and
 * statuses of the WebSocket's handshake. What Baileys has no name for was compared with whatsmeow's
 * `ConnectFailureReason`: 402 banned for a time, 405 client outdated, 406 logged out (banned), 409 bad user agent.
 *
 * No session is ever thrown away here, because a code may be wrong: `start` does, when someone asks for a new pairing.
 *
 * @param {number} code
 * @param {{attempt: number, isPaired: boolean, random: number}} now `attempt`: closings in a row without a login between
 *   them, from 1; `random`: 0 to 1
 * @returns {Next}
 */
export function reconnect(code, now) {
  switch (code) {
    case 515:
      // What WhatsApp asks for after a pairing. A server that keeps asking is not run against.
      return now.attempt <= 3 ? { do: 'connect', afterMS: 0 } : { do: 'connect', afterMS: backoff(now) }
    case 401:
      return { do: 'pair', why: 'logged_out' }
    case 403:
      return { do: 'pair', why: 'forbidden' }
    case 406:
      return { do: 'pair', why: 'banned' }
    case 411:
      return { do: 'pair', why: 'multi_device_mismatch' }
    case 440:
      return { do: 'stop', why: 'replaced' }
    case 402:
      return { do: 'connect', afterMS: 1_800_000, why: 'banned_for_a_time' }
    case 405:
    case 409:
      return { do: 'connect', afterMS: Math.max(60_000, backoff(now)), why: 'client_outdated', wantsLatestVersion: true }
    case 408:
      if (!now.isPaired) return { do: 'stop', why: 'qr_expired' }
  }
  return { do: 'connect', afterMS: backoff(now) }
}

/**
 * Doubling, moved by up to a fifth, so that a gateway's businesses do not all come at once.
 *
 * @param {{attempt: number, random: number}} now
 */
function backoff({ attempt, random }) {
  const doubled = Math.min(FIRST_WAIT * 2 ** Math.min(attempt - 1, 30), LAST_WAIT)
  return Math.round(doubled * (0.8 + 0.4 * random))
}

/**
 * @typedef {{do: 'connect', afterMS: number, why?: string, wantsLatestVersion?: boolean}
 *   | {do: 'pair', why: string}
 *   | {do: 'stop', why: string}} Next
 *   `pair`: this session is over, and stays so until somebody asks for a new pairing. `stop`: until somebody asks
 */
