import fs from 'node:fs'
import path from 'node:path'
import { isTenantID } from './tenant-id.js'
import { Tenant } from './tenant.js'

/** The businesses this gateway has: a folder each. */
export class Tenants {
  /** @type {Map<string, Tenant>} */ #tenants = new Map()
  #folder

  /** @param {string} folder made when it is missing @param {import('./tenant.js').Parts} parts */
  constructor(folder, parts) {
    this.parts = parts
    this.#folder = folder
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && isTenantID(entry.name)) this.#open(entry.name)
    }
  }

  /** @param {string} id @returns {Tenant | undefined} */
  find(id) {
    return this.#tenants.get(id)
  }

  /**
   * Finds it, or makes it.
   *
   * @param {string} id a valid one
   * @returns {Tenant}
   */
  get(id) {
    return this.#tenants.get(id) ?? this.#open(id)
  }

  all() {
    return [...this.#tenants.values()]
  }

  /** Opens the sockets of those that are paired. */
  startPaired() {
    for (const tenant of this.#tenants.values()) if (tenant.session.isPaired) tenant.start()
  }

  /** @param {number} graceMS */
  async close(graceMS) {
    await Promise.all(this.all().map((tenant) => tenant.close(graceMS)))
  }

  /** @param {string} id */
  #open(id) {
    const tenant = new Tenant(id, path.join(this.#folder, id), this.parts)
    this.#tenants.set(id, tenant)
    return tenant
  }
}
