/**
 * The gateway with a WhatsApp that does as it is told, for tests of whatever calls a gateway. `POST /fake/{tenant}` with
 * `{"how": …}` says how sends are answered: `ack`, `refuse` (with `code`), `none`, `closed`, `broken`, `hang`;
 * `{"scan": true}` has the phone scan the code; `{"close": 428}` closes the socket; `{"message": …}` has one come, with
 * `media` in base64 for what it brings; `{"receipt": …}` has one come, an item of `messages.update`.
 */
import { readJSON } from '../src/server/body.js'
import { run } from '../src/run/program.js'
import { FakeWhatsApp } from './support/fake-whatsapp.js'

const whatsApp = new FakeWhatsApp()

await run(async () => whatsApp.connect, [
  {
    method: 'POST',
    path: '/fake/{tenant}',
    isOpen: true,
    async answer({ request, words }) {
      const { scan, close, message, media, receipt, ...answer } = await readJSON(request, 1 << 20)
      if (answer.how) whatsApp.answers[words.tenant] = answer
      if (scan) await whatsApp.scan(words.tenant)
      if (close) whatsApp.socket(words.tenant).emit({ type: 'close', code: close, reason: 'test' })
      if (media) whatsApp.media.set(message.key.id, Buffer.from(media, 'base64'))
      if (message) whatsApp.socket(words.tenant).emit({ type: 'messages', kind: 'notify', messages: [message] })
      if (receipt) whatsApp.socket(words.tenant).emit({ type: 'updates', updates: [receipt] })
      return { status: 200, body: { sent: whatsApp.sent.filter(({ business }) => business === words.tenant).map(({ id, to }) => ({ id, to })) } }
    },
  },
])
