import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { SETTINGS, SettingsFault, readSettings } from '../src/settings.js'
import { folder } from './support/folder.js'

test('all faults are told together, without a value', () => {
  const given = { API_URL: 'ftp://x', GATEWAY_PORT: '3o', GATEWAY_HISTORY: 'some', GATEWAY_WHATSAPP_VERSION: '2.3', LOG_LEVEL: 'loud' }
  assert.throws(() => readSettings(given), (error) => {
    assert.ok(error instanceof SettingsFault)
    const lines = error.message.split('\n')
    assert.deepEqual(lines.slice(1).map((line) => line.split(' ')[3]), ['INTERNAL_SECRET', 'API_URL', 'GATEWAY_PORT', 'GATEWAY_HISTORY', 'GATEWAY_WHATSAPP_VERSION', 'LOG_LEVEL'])
    assert.doesNotMatch(error.message, /ftp|3o|some |loud/)
    return true
  })
})

test('a value may come from a file, and an empty one is none', (t) => {
  const file = path.join(folder(t), 'secret')
  fs.writeFileSync(file, 'from-a-file\n')
  const settings = readSettings({ INTERNAL_SECRET_FILE: file, INTERNAL_SECRET_PREVIOUS: 'old', GATEWAY_PORT: '', API_URL: 'http://api:8080/' })
  assert.deepEqual(settings.secrets, ['from-a-file', 'old'])
  assert.deepEqual([settings.port, settings.apiURL, settings.sendLimitMS], [3300, 'http://api:8080', 30_000])
  assert.throws(() => readSettings({ INTERNAL_SECRET_FILE: file + '.none' }), /INTERNAL_SECRET cannot be read/)
})

test('docs/gateway.md has every setting with its default', () => {
  const page = fs.readFileSync(new URL('../../../docs/gateway.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`|-) \| \S/gm)].map(([, name, value]) => [name, value ?? ''])
  assert.deepEqual(rows, Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default ?? '']))
})
