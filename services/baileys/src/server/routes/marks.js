import { recipient } from '../../tenant/recipient.js'
import { readJSON } from '../body.js'
import { badRequest } from '../failure.js'
import { tenantOf } from '../tenant-of.js'
import { codeOf } from '../../run/error-code.js'

/** Longer lists are none of a reader's. */
const MOST_KEYS = 100

/**
 * Typing and read marks: taken, and best effort from there.
 *
 * @param {import('./routes.js').Parts} parts
 * @returns {import('../router.js').Route[]}
 */
export function marks({ tenants, log }) {
  /**
   * @param {import('../../tenant/tenant.js').Tenant} tenant
   * @param {(socket: import('../../socket/socket.js').Socket) => Promise<void>} act
   */
  const tryTo = (tenant, act) => {
    const { isOpen, socket } = tenant.connection
    if (isOpen && socket) {
      act(socket).catch((error) => {
        log.debug('mark_failed', 'A mark was not made', { business: tenant.id, error: codeOf(error) })
      })
    }
    return { status: 200, body: { ok: true } }
  }
  return [
    {
      method: 'POST',
      path: '/whatsapp/{tenant}/typing',
      async answer({ request, words }) {
        const tenant = tenantOf(tenants, words)
        const { to, typing = true } = await readJSON(request, 4096)
        const address = recipient(to)
        if (!address) throw badRequest('to must be an address of WhatsApp\'s, or a phone with its country code')
        return tryTo(tenant, (socket) => socket.typing(address, typing !== false))
      },
    },
    {
      method: 'POST',
      path: '/whatsapp/{tenant}/read',
      async answer({ request, words }) {
        const tenant = tenantOf(tenants, words)
        const { to, messageIds, participant } = await readJSON(request, 65_536)
        const remoteJid = recipient(to)
        if (!remoteJid) throw badRequest('to must be an address of WhatsApp\'s, or a phone with its country code')
        const isList = Array.isArray(messageIds) && messageIds.length <= MOST_KEYS
        if (!isList || !messageIds.every((id) => id && typeof id === 'string')) throw badRequest(`messageIds must be a list of ${MOST_KEYS} ids at most`)
        if (participant !== undefined && !recipient(participant)) {
          throw badRequest('participant must be an address of WhatsApp\'s')
        }
        const fromMe = /** @type {const} */ (false)
        const keys = messageIds.map((id) => ({ remoteJid, id, fromMe, participant: recipient(participant) }))
        return tryTo(tenant, (socket) => socket.read(keys))
      },
    },
  ]
}
