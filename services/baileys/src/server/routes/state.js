import { Failure } from '../failure.js'
import { tenantOf, validID } from '../tenant-of.js'
import { readJSON } from '../body.js'

/**
 * The socket's state and what changes it.
 *
 * @param {import('./routes.js').Parts} parts
 * @returns {import('../router.js').Route[]}
 */
export function state({ tenants, pairing }) {
  const busy = () => new Failure(409, 'busy', 'A message is being sent')
  return [
    {
      method: 'GET',
      path: '/whatsapp/{tenant}/status',
      answer: ({ words }) => ({ status: 200, body: tenantOf(tenants, words).status() }),
    },
    {
      method: 'GET',
      path: '/whatsapp/{tenant}/sending-status',
      answer({ words }) {
        const { active } = tenantOf(tenants, words).sender
        return { status: 200, body: { isSending: active > 0, activeSends: active } }
      },
    },
    {
      method: 'POST',
      path: '/whatsapp/{tenant}/restart',
      answer({ words }) {
        if (!tenantOf(tenants, words).restart()) throw busy()
        return { status: 202, body: { ok: true } }
      },
    },
    {
      method: 'POST',
      path: '/whatsapp/{tenant}/start',
      async answer({ request, words }) {
        const id = validID(words)
        const { phone } = await readJSON(request, 1024)
        const tenant = tenants.get(id)
        tenant.start()
        if (phone === undefined) return { status: 202, body: { ok: true } }
        return { status: 202, body: { ok: true, pairingCode: await pairing.code(tenant, phone) } }
      },
    },
    {
      method: 'POST',
      path: '/whatsapp/{tenant}/logout',
      async answer({ words }) {
        if (!(await tenantOf(tenants, words).logout())) throw busy()
        return { status: 200, body: { ok: true } }
      },
    },
  ]
}
