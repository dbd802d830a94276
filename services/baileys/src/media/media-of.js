/** Messages around a message, as docs/senders/baileys.md lists them. */
const WRAPPERS = [
  'ephemeralMessage', 'viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension', 'documentWithCaptionMessage',
  'groupMentionedMessage', 'botInvokeMessage', 'associatedChildMessage', 'editedMessage', 'lottieStickerMessage',
]
const KINDS = ['imageMessage', 'videoMessage', 'ptvMessage', 'audioMessage', 'documentMessage', 'stickerMessage']

/**
 * What came with a message and lies on WhatsApp's servers.
 *
 * @param {any} message in wire form
 * @returns {{mimetype: string, bytes: number} | undefined} undefined: nothing
 */
export function mediaOf(message) {
  let content = message?.message
  for (let depth = 0; depth < 8 && content && typeof content === 'object'; depth += 1) {
    const kind = KINDS.find((name) => content[name])
    if (kind) {
      const { mimetype, fileLength } = content[kind]
      return { mimetype: mediaType(mimetype), bytes: Number(fileLength) || 0 }
    }
    const wrapper = WRAPPERS.find((name) => content[name]) ?? (content.deviceSentMessage && 'deviceSentMessage')
    content = wrapper && content[wrapper].message
  }
  return undefined
}

/**
 * A type that may stand in a header; strangers write it.
 *
 * @param {unknown} given
 */
function mediaType(given) {
  const isPlain = typeof given === 'string' && /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+="?[\w.+-]+"?)*$/.test(given)
  return isPlain ? given : 'application/octet-stream'
}
