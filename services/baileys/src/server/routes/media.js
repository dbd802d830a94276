import { mediaOf } from '../../media/media-of.js'
import { MediaError } from '../../socket/socket.js'
import { Failure } from '../failure.js'
import { tenantOf } from '../tenant-of.js'

/**
 * What each fault of a download is answered.
 *
 * @type {Record<string, [number, string]>}
 */
const FAULTS = {
  none: [404, 'not_found'], gone: [410, 'gone'], too_large: [413, 'too_large'], failed: [502, 'whatsapp_failed'],
}

/**
 * The bytes that came with a contact's message.
 *
 * @param {import('./routes.js').Parts} parts
 * @returns {import('../router.js').Route}
 */
export function media({ tenants, settings }) {
  return {
    method: 'GET',
    path: '/whatsapp/{tenant}/media/{id}',
    async answer({ words }) {
      const tenant = tenantOf(tenants, words)
      const message = tenant.media.find(words.id)
      const about = mediaOf(message)
      if (!about) throw new Failure(404, 'not_found', 'Nothing came with a message of this id')
      if (about.bytes > settings.mediaMaxBytes) throw new Failure(413, 'too_large', 'MEDIA_MAX_BYTES is less')
      const { socket } = tenant.connection
      if (!socket) throw new Failure(409, 'not_connected', 'No socket to fetch it through')
      try {
        const bytes = await socket.download(message, settings.mediaMaxBytes)
        return { status: 200, bytes, headers: { 'Content-Type': about.mimetype, 'X-Content-Type-Options': 'nosniff' } }
      } catch (error) {
        if (!(error instanceof MediaError)) throw error
        const [status, code] = FAULTS[error.what]
        throw new Failure(status, code)
      }
    },
  }
}
