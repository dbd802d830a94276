import { Failure, badRequest } from '../server/failure.js'

/** WhatsApp's server says that it waits for a pairing by the first QR code, ms. */
const LONGEST_WAIT = 20_000

/** Codes to be typed on the phone, for whoever cannot scan. */
export class PairingCodes {
  /**
   * @param {import('../tenant/tenant.js').Tenant} tenant whose socket is being opened
   * @param {unknown} phone with its country code
   * @returns {Promise<string>} eight characters
   * @throws {Failure} 400, 409, 504
   */
  async code(tenant, phone) {
    const digits = typeof phone === 'string' ? phone.replace(/[\s()+-]/g, '') : ''
    if (!/^[0-9]{5,15}$/.test(digits)) throw badRequest('phone must be a number with its country code')
    if (tenant.session.isPaired) throw new Failure(409, 'paired', 'It is paired; log out first')
    const end = performance.now() + LONGEST_WAIT
    while (!tenant.connection.qr) {
      if (performance.now() > end) throw new Failure(504, 'timeout', 'WhatsApp does not answer')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { socket } = tenant.connection
    if (!socket) throw new Failure(504, 'timeout', 'WhatsApp does not answer')
    return socket.pairingCode(digits)
  }
}
