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
      const { book } = tenantOf(tenants, words)
      const known = book.find(words.id)
      if (!known) {
        const { body } = new Failure(404, 'not_found', 'No message has this id')
        return { status: 404, body: { ...body, remembersSince: book.remembersSince } }
      }
      const { state, at, durationMs, code } = known
      return { status: 200, body: { state, messageId: words.id, since: new Date(at).toISOString(), durationMs, code } }
    },
  }
}
