import http from 'node:http'

/** Our API's webhooks, as a test wants them. */
export class FakeAPI {
  /** What was taken: `{path, secret, body}`. @type {any[]} */ taken = []
  /** Statuses of the next answers; then 200. @type {number[]} */ next = []
  /** While it is away it answers nothing. */ isAway = false
  url = ''
  #server = http.createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    if (this.isAway) return void request.destroy()
    const status = this.next.shift() ?? 200
    if (status === 200) this.taken.push({ path: request.url, secret: request.headers['x-internal-secret'], body: JSON.parse(text) })
    response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}')
  })

  /** @param {import('node:test').TestContext} t */
  async open(t) {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)))
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address())
    this.url = `http://127.0.0.1:${port}`
    t.after(() => {
      this.#server.closeAllConnections()
      this.#server.close()
    })
    return this
  }
}
