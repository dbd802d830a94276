import { Failure } from '../failure.js'
import { tenantOf } from '../tenant-of.js'

/**
 * What became of a message.
 *
 * @param {import('./routes.js').Parts} parts
 * @returns {import('../router.js').Route}
 */
export function message({ tenants }) {
  return {
    method: 'GET',
    path: '/whatsapp/{tenant}/messages/{id}',
    answer({ words }) {
      const known = tenantOf(tenants, words).book.find(words.id)
      if (!known) throw new Failure(404, 'not_found', 'No message has this id')
      const { state, at, durationMs, code } = known
      return { status: 200, body: { state, messageId: words.id, since: new Date(at).toISOString(), durationMs, code } }
    },
  }
}
