import fs from 'node:fs'
import { startGateway } from '../gateway.js'
import { SettingsFault, readSettings } from '../settings.js'
import { codeOf } from './error-code.js'
import { Log } from './log.js'

/** As our other programs: a bad configuration. */
const EX_CONFIG = 78

/**
 * Runs the gateway until SIGTERM or SIGINT, which drain it; a second one ends it at once.
 *
 * @param {(settings: import('../settings.js').Settings) => Promise<import('../socket/socket.js').Connect>} makeConnect
 * @param {import('../server/router.js').Route[]} [further] routes of a test
 */
export async function run(makeConnect, further) {
  const settings = settingsOrExit()
  const log = new Log(settings.logLevel)
  let gateway
  try {
    fs.mkdirSync(settings.folder, { recursive: true, mode: 0o700 })
    gateway = await startGateway(settings, await makeConnect(settings), log, further)
  } catch (error) {
    log.error('start_failed', 'The gateway could not start', { error: codeOf(error) })
    process.exit(1)
  }
  log.info('process_started', 'Gateway is up', { address: settings.host, port: gateway.port })

  let isEnding = false
  const end = async () => {
    if (isEnding) process.exit(0)
    isEnding = true
    log.info('process_stopping', 'Draining')
    await gateway.drain()
    log.info('process_stopped', 'Gateway has ended')
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // Baileys leaves promises to themselves. What is on the disk is whole at any moment, and its own socket tells when it
  // is of no use, so that one of them is no reason to cut every business off.
  process.on('unhandledRejection', (error) => {
    log.error('unhandled_rejection', 'A promise was left to itself', { error: codeOf(error) })
  })
}

function settingsOrExit() {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof SettingsFault)) throw error
    process.stderr.write(error.message + '\n')
    process.exit(EX_CONFIG)
  }
}
