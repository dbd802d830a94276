import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

/**
 * Holds a data folder for this process, by a Unix socket in it. Two gateways on one folder would tear each other's
 * WhatsApp sessions down (disconnect code 440) and write into the same files. The kernel lets go of it when the process
 * ends, whichever way; a pid in a file would outlive it, and mean another process in another container.
 *
 * @param {string} folder exists
 * @returns {Promise<() => Promise<void>>} lets go of it
 * @throws {FolderTaken}
 */
export async function lockFolder(folder) {
  // A socket's path has 107 bytes at most, a folder's may have more: so it is named from within.
  const file = path.relative('', path.join(folder, '.lock'))
  const server = net.createServer((connection) => connection.destroy())
  for (let attempt = 0; ; attempt += 1) {
    try {
      await listen(server, file)
      server.unref()
      return () => new Promise((resolve) => server.close(() => resolve()))
    } catch (error) {
      if (/** @type {any} */ (error).code !== 'EADDRINUSE') throw error
      if (attempt > 0 || (await isAnswered(file))) throw new FolderTaken()
      // Of a process that is gone.
      fs.rmSync(file, { force: true })
    }
  }
}

/** Another process works on the folder. */
export class FolderTaken extends Error {
  code = 'folder_taken'

  constructor() {
    super('another gateway uses this data folder')
  }
}

/** @param {net.Server} server @param {string} file */
function listen(server, file) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(file, () => {
        server.off('error', reject)
        resolve()
      })
    })
  )
}

/** @param {string} file */
function isAnswered(file) {
  return /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      const connection = net.connect(file)
      connection.once('connect', () => {
        connection.destroy()
        resolve(true)
      })
      connection.once('error', () => resolve(false))
    })
  )
}
