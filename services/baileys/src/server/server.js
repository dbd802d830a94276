import http from 'node:http'
import { Failure } from './failure.js'
import { Router } from './router.js'
import { isSecret } from './secret.js'
import { codeOf } from '../run/error-code.js'

/**
 * The gateway's HTTP server. The proof is judged before anything else is.
 *
 * @param {import('./router.js').Route[]} routes
 * @param {string[]} secrets
 * @param {import('../run/log.js').Log} log
 * @param {import('../run/metrics.js').Metrics} metrics
 */
export function makeServer(routes, secrets, log, metrics) {
  const router = new Router(routes)
  const limits = { maxHeaderSize: 16_384, requestTimeout: 60_000, headersTimeout: 10_000 }
  return http.createServer(limits, async (request, response) => {
    let answer
    try {
      answer = await answerTo(request, router, secrets)
    } catch (error) {
      if (!(error instanceof Failure)) {
        log.error('request_failed', 'A request could not be answered', { error: codeOf(error) })
      }
      const { status, body, headers } = error instanceof Failure ? error : new Failure(500, 'internal_error')
      answer = { status, body, headers }
    }
    metrics.count('rejoinder_gateway_requests_total', 'Requests answered', { status: String(answer.status) })
    write(response, answer)
    // What was not read of a body would be taken for the next request.
    if (!request.complete) request.resume()
  })
}

/** @param {http.IncomingMessage} request @param {Router} router @param {string[]} secrets */
async function answerTo(request, router, secrets) {
  const [path, query] = splitURL(request.url ?? '/')
  const isProven = isSecret(request.headers['x-internal-secret'], secrets)
  let found
  try {
    found = router.find(request.method ?? '', path)
  } catch (error) {
    // Strangers do not learn what there is.
    throw isProven || !path.startsWith('/whatsapp/') ? error : new Failure(401, 'unauthorized')
  }
  if (!found.route.isOpen && !isProven) throw new Failure(401, 'unauthorized')
  return found.route.answer({ request, words: found.words, query: new URLSearchParams(query) })
}

/** @param {string} url */
function splitURL(url) {
  const mark = url.indexOf('?')
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}

/** @param {http.ServerResponse} response @param {import('./router.js').Answer} answer */
function write(response, { status, body, bytes, headers = {} }) {
  if (response.destroyed) return
  const content = bytes ?? JSON.stringify(body ?? {})
  const type = bytes === undefined ? { 'Content-Type': 'application/json' } : {}
  response.writeHead(status, { ...type, 'Content-Length': Buffer.byteLength(content), 'Cache-Control': 'no-store', ...headers })
  response.end(content)
}
