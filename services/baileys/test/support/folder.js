import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * A folder of this test's own, gone when it ends.
 *
 * @param {import('node:test').TestContext} t
 */
export function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'rejoinder-gateway-'))
  t.after(() => fs.rmSync(made, { recursive: true, force: true }))
  return made
}
