/** As in our other programs: 1 to 64 letters, digits, '-', '_' or '.'. */
export const TENANT_RULE = "1 to 64 letters, digits, '-', '_' or '.', not beginning with '.'"

/**
 * Whether it may name a business, and so a folder: `.` and `..` name others.
 *
 * @param {string} id
 */
export function isTenantID(id) {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(id)
}
