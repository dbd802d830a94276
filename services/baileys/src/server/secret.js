import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether what was given is one of the secrets, in a time that tells nothing of them: digests are compared, which have
 * one length.
 *
 * @param {string | string[] | undefined} given
 * @param {string[]} secrets
 */
export function isSecret(given, secrets) {
  const digest = sha256(typeof given === 'string' ? given : '')
  let isOne = false
  for (const secret of secrets) isOne = timingSafeEqual(digest, sha256(secret)) || isOne
  return isOne
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest()
}
