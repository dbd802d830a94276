import { startGateway } from '../../src/gateway.js'
import { Log } from '../../src/run/log.js'
import { readSettings } from '../../src/settings.js'
import { FakeAPI } from './fake-api.js'
import { FakeWhatsApp } from './fake-whatsapp.js'
import { folder } from './folder.js'
import { until } from './until.js'

export const SECRET = 'a-secret-of-the-tests'

/**
 * A gateway on a free port, with a WhatsApp and an API of the test's.
 *
 * @param {import('node:test').TestContext} t @param {Record<string, string>} [environment]
 */
export async function gatewayUnderTest(t, environment = {}) {
  const api = await new FakeAPI().open(t)
  const whatsApp = new FakeWhatsApp()
  /** @type {string[]} */
  const lines = []
  const settings = readSettings({
    INTERNAL_SECRET: SECRET, API_URL: api.url, GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: '0', GATEWAY_DATA_DIR: folder(t),
    SHUTDOWN_GRACE_SECONDS: '5', LOG_LEVEL: 'debug', ...environment,
  })
  const log = new Log('debug', (line) => lines.push(line))
  const gateway = await startGateway(settings, whatsApp.connect, log)
  let isOver = false
  const drain = async () => {
    if (!isOver) await gateway.drain()
    isOver = true
  }
  t.after(drain)

  /** @param {string} method @param {string} path @param {any} [body] @param {Record<string, string>} [headers] */
  const call = async (method, path, body, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
      method, headers: { 'X-Internal-Secret': SECRET, ...headers },
      body: body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const isJSON = answer.headers.get('content-type')?.includes('json')
    return { status: answer.status, headers: answer.headers, bytes, body: isJSON ? JSON.parse(bytes.toString()) : undefined }
  }
  return {
    api, whatsApp, lines, settings, gateway, drain, call,
    /**
     * A business that can send.
     *
     * @param {string} [business]
     */
    async paired(business = 'shop') {
      await call('POST', `/whatsapp/${business}/start`)
      await until(() => whatsApp.sockets.get(business) && gateway.tenants.find(business)?.connection.qr, 'a code')
      await whatsApp.scan(business)
      await until(() => gateway.tenants.find(business)?.ability().canSend, 'a login')
      return /** @type {import('../../src/tenant/tenant.js').Tenant} */ (gateway.tenants.find(business))
    },
  }
}

/**
 * A message id as the worker makes them.
 *
 * @param {number} number
 */
export function messageID(number) {
  return '3EB0' + number.toString(16).toUpperCase().padStart(18, '0')
}
