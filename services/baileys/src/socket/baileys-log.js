import { mask } from '../run/mask.js'

/**
 * Baileys' `ILogger` (Utils/logger.ts). Only its own phrases pass, and from `warn` up: the objects beside them hold whole
 * stanzas, keys and contacts.
 *
 * @param {import('../run/log.js').Log} log
 * @param {string} business
 */
export function baileysLog(log, business) {
  const say = (/** @type {'warning' | 'debug'} */ level) => (/** @type {unknown} */ about, /** @type {unknown} */ msg) => {
    const phrase = typeof msg === 'string' ? msg : typeof about === 'string' ? about : undefined
    // What is in quotes or looks like an address may be a contact's.
    if (phrase) log[level]('baileys', 'Baileys says', { business, reason: mask(phrase.replace(/\S+@\S+/g, '•')).slice(0, 200) })
  }
  const quiet = () => {}
  const logger = {
    level: 'warn', child: () => logger, trace: quiet, debug: quiet, info: quiet, warn: say('debug'), error: say('warning'),
  }
  return logger
}
