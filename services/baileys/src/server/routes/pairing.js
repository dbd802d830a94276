import { page } from '../../pairing/page.js'
import { encode } from '../../qr/encode.js'
import { svg } from '../../qr/svg.js'
import { terminal } from '../../qr/terminal.js'
import { tenantOf, validID } from '../tenant-of.js'

/** @param {import('./routes.js').Parts} parts @returns {import('../router.js').Route[]} */
export function pairing({ tenants }) {
  return [
    {
      method: 'GET',
      path: '/whatsapp/{tenant}/qr',
      answer({ words, query }) {
        const tenant = tenantOf(tenants, words)
        const { qr } = tenant.connection
        const { authPaired, connected, starting, lastError } = tenant.status()
        if (query.get('format') === 'text') {
          const text = qr ? terminal(encode(qr)) : authPaired ? 'paired\n' : 'no code yet\n'
          return { status: 200, bytes: text, headers: { 'Content-Type': 'text/plain; charset=utf-8' } }
        }
        const picture = qr ? svg(encode(qr)) : null
        return { status: 200, body: { authPaired, connected, starting, lastError, qr: qr ?? null, svg: picture } }
      },
    },
    {
      // Holds nothing of the business: it asks for the secret, and calls what asks for it.
      method: 'GET',
      path: '/whatsapp/{tenant}/pair',
      isOpen: true,
      answer({ words }) {
        const { html, policy } = page(validID(words))
        const headers = {
          'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy,
          'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff',
        }
        return { status: 200, bytes: html, headers }
      },
    },
  ]
}
