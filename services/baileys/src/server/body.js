import { Failure, badRequest } from './failure.js'

/** Time for a body to come, ms. */
const SLOWEST = 10_000

/**
 * A request's body as JSON: an object. None at all is an empty one.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {number} mostBytes
 * @returns {Promise<Record<string, any>>}
 * @throws {Failure} 400, 408, 413
 */
export async function readJSON(request, mostBytes) {
  const bytes = await readBytes(request, mostBytes)
  if (bytes.length === 0) return {}
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badRequest('the body is not UTF-8')
  }
  let value
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own words hold what was received.
    throw badRequest('the body is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('the body must be an object')
  return value
}

/** @param {import('node:http').IncomingMessage} request @param {number} mostBytes */
async function readBytes(request, mostBytes) {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge()
  const timer = setTimeout(() => request.destroy(new Failure(408, 'timeout')), SLOWEST)
  /** @type {Buffer[]} */
  const chunks = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += chunk.length
      if (length > mostBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

function tooLarge() {
  return new Failure(413, 'too_large', undefined, { Connection: 'close' })
}
