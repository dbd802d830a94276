/** A request's fault, with its answer. */
export class Failure extends Error {
  /**
   * @param {number} status
   * @param {string} code the answer's `error`
   * @param {string} [message] what and where; never a received value
   * @param {Record<string, string>} [headers]
   */
  constructor(status, code, message, headers = {}) {
    super(message ?? code)
    this.status = status
    this.headers = headers
    this.body = message === undefined ? { error: code } : { error: code, message }
  }
}

/** @param {string} message */
export function badRequest(message) {
  return new Failure(400, 'bad_request', message)
}
