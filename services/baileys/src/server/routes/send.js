import { readJSON } from '../body.js'
import { badRequest } from '../failure.js'
import { tenantOf } from '../tenant-of.js'
import { recipient } from '../../tenant/recipient.js'

const KINDS = ['image', 'audio', 'video', 'document', 'sticker']
/** WhatsApp's own limit of a text is 65,536 characters. */
const LONGEST_TEXT = 65_536

/** @param {import('./routes.js').Parts} parts @returns {import('../router.js').Route} */
export function send({ tenants, settings, metrics }) {
  // Base64 makes four of three.
  const mostBytes = Math.ceil(settings.mediaMaxBytes / 3) * 4 + 300_000
  return {
    method: 'POST',
    path: '/whatsapp/{tenant}/send',
    async answer({ request, words }) {
      const tenant = tenantOf(tenants, words)
      const start = performance.now()
      const message = readMessage(await readJSON(request, mostBytes), settings.mediaMaxBytes)
      const answer = await tenant.sender.send(message)
      metrics.count('rejoinder_gateway_sends_total', 'Sends answered', { status: String(answer.status) })
      metrics.count('rejoinder_gateway_send_seconds_total', 'Time that sends took', {}, (performance.now() - start) / 1000)
      return answer
    },
  }
}

/**
 * @param {Record<string, any>} body
 * @param {number} mediaMaxBytes
 * @returns {import('../../sending/sender.js').Request}
 * @throws {import('../failure.js').Failure} 400
 */
export function readMessage({ to, text, messageId, media }, mediaMaxBytes) {
  const address = recipient(to)
  if (!address) throw badRequest('to must be an address of WhatsApp\'s, or a phone with its country code')
  if (typeof messageId !== 'string' || !/^[\x21-\x7b\x7d\x7e]{1,255}$/.test(messageId)) {
    throw badRequest('messageId must be 1 to 255 printable ASCII characters without spaces and \'|\'')
  }
  if (text !== undefined && text !== null && (typeof text !== 'string' || text.length > LONGEST_TEXT)) {
    throw badRequest(`text must be a string of ${LONGEST_TEXT} characters at most`)
  }
  if (media !== undefined && media !== null) {
    return { id: messageId, to: address, content: { media: readMedia(media, text || undefined, mediaMaxBytes) } }
  }
  if (!text) throw badRequest('text or media is needed')
  return { id: messageId, to: address, content: { text } }
}

/**
 * @param {any} media
 * @param {string | undefined} caption
 * @param {number} mostBytes
 * @returns {import('../../socket/socket.js').Media}
 */
function readMedia(media, caption, mostBytes) {
  if (typeof media !== 'object' || Array.isArray(media)) throw badRequest('media must be an object')
  const { kind, data, mimetype, fileName, voice } = media
  if (!KINDS.includes(kind)) throw badRequest(`media.kind must be one of ${KINDS.join(', ')}`)
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw badRequest('media.data must be base64')
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > mostBytes) throw badRequest(`media.data must have ${mostBytes} bytes at most`)
  for (const [name, value] of Object.entries({ mimetype, fileName })) {
    if (value !== undefined && (typeof value !== 'string' || value.length > 255)) throw badRequest(`media.${name} must be a short string`)
  }
  if (kind === 'document' && !mimetype) throw badRequest('media.mimetype of a document is needed')
  return { kind, bytes, mimetype, caption, fileName, voice: voice === true }
}
