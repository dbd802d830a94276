import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { lockFolder, FolderTaken } from '../src/disk/folder-lock.js'
import { authState } from '../src/session/auth-state.js'
import { SessionStore } from '../src/session/session-store.js'
import { fakeLibrary } from './support/fake-library.js'
import { folder } from './support/folder.js'

test('keys that are set together are there together, or none of them', async (t) => {
  const file = path.join(folder(t), 'session.log')
  const session = new SessionStore(file)
  await session.set({ a: '1', b: '2' })
  await session.set({ a: '3', b: null, c: '4' })
  await session.close()
  const bytes = fs.readFileSync(file)
  const second = bytes.indexOf(10) + 1
  for (let cut = second; cut <= bytes.length; cut += 1) {
    fs.writeFileSync(file, bytes.subarray(0, cut))
    const again = new SessionStore(file)
    const values = [again.get('a'), again.get('b'), again.get('c')]
    assert.deepEqual(values, cut < bytes.length ? ['1', '2', undefined] : ['3', undefined, '4'])
    await again.close()
  }
})

test('a session that is written again and again takes little of the disk', async (t) => {
  const file = path.join(folder(t), 'session.log')
  const session = new SessionStore(file)
  for (let n = 0; n < 100; n += 1) await session.set({ large: 'x'.repeat(100_000) + n })
  assert.ok(fs.statSync(file).size < 5_000_000)
  assert.equal(session.get('large')?.slice(-2), '99')
  await session.close()
})

test('what begins anew forgets, and keeps the one before beside it', async (t) => {
  const file = path.join(folder(t), 'session.log')
  const session = new SessionStore(file)
  await session.set({ creds: '{}', paired: 'yes' })
  session.reset()
  assert.deepEqual([session.isPaired, session.get('creds')], [false, undefined])
  await session.close()
  const before = new SessionStore(file + '.before')
  assert.ok(before.isPaired)
  await before.close()
})

test('credentials and keys come back as Baileys gave them', async (t) => {
  const file = path.join(folder(t), 'session.log')
  const session = new SessionStore(file)
  const { state, save } = authState(session, fakeLibrary())
  assert.equal(session.isPaired, false)
  Object.assign(state.creds, { me: { id: '1@s.whatsapp.net' }, account: { key: Buffer.from('k') } })
  await save()
  await state.keys.set({ session: { 'a/b.0': Buffer.from([0, 255]) }, 'pre-key': { 7: { public: Buffer.from('p') } }, 'app-state-sync-key': { k: { keyData: 'x' } } })
  await state.keys.set({ 'pre-key': { 7: null } })
  await session.close()

  const kept = new SessionStore(file)
  assert.ok(kept.isPaired)
  const again = authState(kept, fakeLibrary()).state
  assert.deepEqual(again.creds.account.key, Buffer.from('k'))
  assert.deepEqual(await again.keys.get('session', ['a/b.0', 'none']), { 'a/b.0': Buffer.from([0, 255]) })
  assert.deepEqual(await again.keys.get('pre-key', ['7']), {})
  assert.deepEqual(await again.keys.get('app-state-sync-key', ['k']), { k: { proto: { keyData: 'x' } } })
  await kept.close()
})

test('a pairing that was not finished leaves nothing that would be taken for a login', async (t) => {
  const session = new SessionStore(path.join(folder(t), 'session.log'))
  const first = authState(session, fakeLibrary())
  first.state.creds.me = { id: '1@s.whatsapp.net' }
  await first.save()
  assert.equal(authState(session, fakeLibrary()).state.creds.me, undefined)
  // And the socket of the first writes no more.
  await first.save()
  assert.equal(session.get('creds'), undefined)
  await session.close()
})

test('a folder is one gateway\'s, and the next one\'s when that is gone', async (t) => {
  const made = folder(t)
  const unlock = await lockFolder(made)
  await assert.rejects(lockFolder(made), FolderTaken)
  await unlock()
  // What a killed process leaves.
  fs.writeFileSync(path.join(made, '.lock'), '')
  await (await lockFolder(made))()
})
