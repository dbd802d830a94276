/** WhatsApp's own address servers, of what can be written to: Baileys, WABinary/jid-utils.ts. */
const ADDRESS = /^[0-9]{1,32}(?:-[0-9]{1,32})?(?:_[0-9]{1,3})?(?::[0-9]{1,5})?@(s\.whatsapp\.net|c\.us|lid|g\.us|hosted|hosted\.lid)$/

/**
 * Whom to write to, from a `to`: an address of WhatsApp's without its device, or a phone with its country code.
 *
 * @param {unknown} to
 * @returns {string | undefined} undefined: it is neither
 */
export function recipient(to) {
  if (typeof to !== 'string') return undefined
  const phone = /^\+?([0-9]{5,15})$/.exec(to)
  if (phone) return `${phone[1]}@s.whatsapp.net`
  const address = ADDRESS.exec(to)
  if (!address) return undefined
  const user = to.slice(0, to.indexOf('@')).replace(/[:_].*$/, '')
  return `${user}@${address[1] === 'c.us' ? 's.whatsapp.net' : address[1]}`
}
