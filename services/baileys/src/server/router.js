import { Failure } from './failure.js'

/** Finds what a path and method are for. A `{name}` stands for one segment. */
export class Router {
  #routes

  /** @param {Route[]} routes */
  constructor(routes) {
    this.#routes = routes.map((route) => ({ ...route, segments: route.path.split('/') }))
  }

  /**
   * @param {string} method
   * @param {string} path without its query
   * @returns {{route: Route, words: Record<string, string>}}
   * @throws {Failure} 404, 405
   */
  find(method, path) {
    const segments = path.split('/')
    /** @type {string[]} */
    const allowed = []
    for (const route of this.#routes) {
      const words = match(route.segments, segments)
      if (!words) continue
      if (route.method === method) return { route, words }
      allowed.push(route.method)
    }
    if (allowed.length === 0) throw new Failure(404, 'not_found')
    throw new Failure(405, 'method_not_allowed', undefined, { Allow: allowed.join(', ') })
  }
}

/** @param {string[]} pattern @param {string[]} segments @returns {Record<string, string> | undefined} */
function match(pattern, segments) {
  if (pattern.length !== segments.length) return undefined
  /** @type {Record<string, string>} */
  const words = {}
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined
      continue
    }
    try {
      words[part.slice(1, -1)] = decodeURIComponent(segment)
    } catch {
      return undefined
    }
  }
  return words
}

/**
 * @typedef {object} Call
 * @property {import('node:http').IncomingMessage} request
 * @property {Record<string, string>} words of the path
 * @property {URLSearchParams} query
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {object} [body] JSON
 * @property {string | Uint8Array} [bytes] in its place, with a `Content-Type` among the headers
 * @property {Record<string, string>} [headers]
 *
 * @typedef {object} Route
 * @property {string} method
 * @property {string} path
 * @property {boolean} [isOpen] asks for no secret
 * @property {(call: Call) => Answer | Promise<Answer>} answer
 */
