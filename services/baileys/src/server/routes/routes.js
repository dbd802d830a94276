import { health } from './health.js'
import { marks } from './marks.js'
import { media } from './media.js'
import { message } from './messages.js'
import { pairing } from './pairing.js'
import { send } from './send.js'
import { state } from './state.js'

/**
 * The whole URL table: docs/gateway.md.
 *
 * @param {Parts} parts
 * @returns {import('../router.js').Route[]}
 */
export function routes(parts) {
  return [send(parts), message(parts), ...state(parts), ...pairing(parts), ...marks(parts), media(parts), ...health(parts)]
}

/**
 * @typedef {object} Parts
 * @property {import('../../tenant/tenants.js').Tenants} tenants
 * @property {import('../../settings.js').Settings} settings
 * @property {import('../../pairing/pairing-codes.js').PairingCodes} pairing
 * @property {import('../../run/log.js').Log} log
 * @property {import('../../run/metrics.js').Metrics} metrics
 * @property {() => boolean} isDraining
 */
