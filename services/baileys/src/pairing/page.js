import { createHash } from 'node:crypto'

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }
body { color: #1c2420; background: #fff }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin: .25rem 0 1rem }
input { border: 1px solid #8a958f; border-radius: 4px }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: 4px; background: #11694e; color: #fff; cursor: pointer }
#code svg { width: 100%; max-width: 22rem; height: auto; display: block; margin: 1rem auto }
#state { font-weight: 600 }
`

/** Asks for the state every two seconds; WhatsApp's codes live for twenty. */
const SCRIPT = `
const base = location.pathname.replace(/pair$/, '')
const el = (id) => document.getElementById(id)
let secret = ''
async function call(method, name, body) {
  const answer = await fetch(base + name, { method, body, headers: { 'X-Internal-Secret': secret } })
  if (answer.status === 401) throw new Error('The secret is wrong.')
  const value = await answer.json()
  if (!answer.ok) throw new Error(value.message || value.error)
  return value
}
function tell(text) { el('state').textContent = text }
async function watch() {
  try {
    const now = await call('GET', 'qr')
    el('code').innerHTML = now.svg || ''
    if (now.connected) return tell('Paired and connected. You can close this page.')
    if (now.authPaired) tell('Paired. Connecting …')
    else if (now.svg) tell('Scan this on the phone: WhatsApp, Settings, Linked devices, Link a device.')
    else if (now.starting) tell('Waiting for WhatsApp …')
    else {
      el('form').hidden = false
      const why = now.lastError ? ' (' + now.lastError.reason + ')' : ''
      return tell('The code was not scanned in time' + why + '. Try again.')
    }
  } catch (error) { tell(error.message) }
  setTimeout(watch, 2000)
}
el('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  secret = el('secret').value
  const phone = el('phone').value.trim()
  try {
    tell('Starting …')
    const started = await call('POST', 'start', phone ? JSON.stringify({ phone }) : undefined)
    el('form').hidden = true
    el('typed').textContent = started.pairingCode ? 'Or type this on the phone: ' + started.pairingCode : ''
    watch()
  } catch (error) { tell(error.message) }
})
`

/**
 * The page on which an administrator pairs a business's phone. The secret is typed into it and stays in it: in an address
 * it would be in histories and logs.
 *
 * @param {string} business a valid id, which needs no escaping
 * @returns {{html: string, policy: string}} `policy`: what the page may run and reach
 */
export function page(business) {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pair ${business}</title><style>${STYLE}</style></head>
<body><h1>Pair ${business}</h1>
<form id="form">
<label>Secret (INTERNAL_SECRET)<input id="secret" type="password" autocomplete="off" required></label>
<label>Phone, if you cannot scan (country code first)<input id="phone" inputmode="tel" autocomplete="off"></label>
<button>Show the code</button>
</form>
<p id="state" role="status"></p><div id="code"></div><p id="typed"></p>
<script>${SCRIPT}</script></body></html>
`
  const policy = [
    "default-src 'none'", `script-src '${hash(SCRIPT)}'`, `style-src '${hash(STYLE)}'`, "connect-src 'self'",
    "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'",
  ]
  return { html, policy: policy.join('; ') }
}

/** @param {string} text */
function hash(text) {
  return 'sha256-' + createHash('sha256').update(text).digest('base64')
}
