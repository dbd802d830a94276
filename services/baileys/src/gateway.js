import path from 'node:path'
import { lockFolder } from './disk/folder-lock.js'
import { poster } from './outbox/post.js'
import { PairingCodes } from './pairing/pairing-codes.js'
import { Metrics } from './run/metrics.js'
import { routes } from './server/routes/routes.js'
import { makeServer } from './server/server.js'
import { Tenants } from './tenant/tenants.js'

/** How often what is old is dropped, ms. */
const HOUSEKEEPING = 3_600_000
/** Time for the last answers to be written, ms. */
const LAST_ANSWERS = 1000

/**
 * Puts the gateway together and opens it: the wiring diagram.
 *
 * @param {import('./settings.js').Settings} settings
 * @param {import('./socket/socket.js').Connect} connect
 * @param {import('./run/log.js').Log} log
 * @param {import('./server/router.js').Route[]} [further] routes of a test
 * @returns {Promise<Gateway>}
 */
export async function startGateway(settings, connect, log, further = []) {
  // Before anything in it is opened.
  const unlock = await lockFolder(settings.folder)
  const metrics = new Metrics()
  const folder = path.join(settings.folder, 'businesses')
  const tenants = new Tenants(folder, {
    settings, connect, log, metrics,
    now: Date.now,
    random: Math.random,
    posters: {
      messages: poster(settings.apiURL + '/webhook/whatsapp/incoming', settings.secrets[0]),
      receipts: poster(settings.apiURL + '/webhook/whatsapp/receipts', settings.secrets[0]),
    },
  })
  collect(metrics, tenants)

  let isDraining = false
  const all = routes({ tenants, settings, log, metrics, pairing: new PairingCodes(), isDraining: () => isDraining })
  const server = makeServer([...all, ...further], settings.secrets, log, metrics)
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.host, () => resolve(undefined))
  })
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  tenants.startPaired()
  const housekeeping = setInterval(() => tenants.all().forEach((tenant) => tenant.forgetOld()), HOUSEKEEPING)

  return {
    port,
    tenants,
    async drain() {
      isDraining = true
      clearInterval(housekeeping)
      await tenants.close(settings.graceMS)
      // The last answers are on their way.
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS).unref())])
      server.closeAllConnections()
      await unlock()
    },
  }
}

/** @param {Metrics} metrics @param {Tenants} tenants */
function collect(metrics, tenants) {
  metrics.collect(() => {
    const all = tenants.all()
    metrics.set('rejoinder_gateway_businesses', 'Businesses on this gateway', {}, all.length)
    const able = all.filter((tenant) => tenant.ability().canSend).length
    const active = all.reduce((sum, { sender }) => sum + sender.active, 0)
    metrics.set('rejoinder_gateway_able', 'Businesses that can send', {}, able)
    metrics.set('rejoinder_gateway_active_sends', 'Sends under way', {}, active)
    for (const kind of /** @type {const} */ (['messages', 'receipts'])) {
      const waiting = all.map(({ outboxes }) => outboxes[kind])
      const count = waiting.reduce((sum, outbox) => sum + outbox.count, 0)
      const fullest = Math.max(0, ...waiting.map(({ fullness }) => fullness))
      metrics.set('rejoinder_gateway_webhooks_waiting', 'Webhooks that the API has not taken', { kind }, count)
      metrics.set('rejoinder_gateway_outbox_fullness', 'The fullest outbox, 0 to 1', { kind }, fullest)
    }
  })
}

/**
 * @typedef {object} Gateway
 * @property {number} port
 * @property {Tenants} tenants
 * @property {() => Promise<void>} drain ends it in order, within the grace
 */
