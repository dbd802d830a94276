import { TENANT_RULE, isTenantID } from '../tenant/tenant-id.js'
import { Failure, badRequest } from './failure.js'

/**
 * The business that a path names.
 *
 * @param {import('../tenant/tenants.js').Tenants} tenants
 * @param {Record<string, string>} words
 * @throws {Failure} 400, 404
 */
export function tenantOf(tenants, words) {
  const tenant = tenants.find(validID(words))
  if (!tenant) throw new Failure(404, 'not_found', 'This gateway has no such business; start makes one')
  return tenant
}

/** @param {Record<string, string>} words @throws {Failure} 400 */
export function validID({ tenant }) {
  // A folder is named after it.
  if (!isTenantID(tenant)) throw badRequest(`the business must be ${TENANT_RULE}`)
  return tenant
}
