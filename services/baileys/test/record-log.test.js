import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { RecordLog } from '../src/disk/record-log.js'
import { folder } from './support/folder.js'

/** @param {string} file */
function recordsOf(file) {
  /** @type {any[]} */
  const records = []
  const log = new RecordLog(file, (record) => records.push(record))
  return { log, records }
}

test('cut off at any byte, the whole records are left and the log goes on', async (t) => {
  const file = path.join(folder(t), 'log')
  const { log } = recordsOf(file)
  const written = [{ a: 1 }, { text: 'línea\nzwei' }, { c: [3] }]
  const ends = written.map((record) => log.append(record).place).map(({ at, length }) => at + length)
  await log.close()
  const bytes = fs.readFileSync(file)
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    fs.writeFileSync(file, bytes.subarray(0, cut))
    const { log: again, records } = recordsOf(file)
    const whole = ends.filter((end) => end <= cut).length
    assert.deepEqual(records, written.slice(0, whole))
    assert.equal(again.damaged, 0)
    again.append({ after: cut })
    await again.close()
    const { log: last, records: then } = recordsOf(file)
    assert.deepEqual(then, [...written.slice(0, whole), { after: cut }])
    await last.close()
  }
})

test('a record that something else changed is counted and left out', async (t) => {
  const file = path.join(folder(t), 'log')
  const { log } = recordsOf(file)
  log.append({ n: 1 })
  const { place } = log.append({ n: 2 })
  log.append({ n: 3 })
  await log.close()
  const bytes = fs.readFileSync(file)
  bytes[place.at + 20] ^= 1
  fs.writeFileSync(file, bytes)
  const { log: again, records } = recordsOf(file)
  assert.deepEqual(records, [{ n: 1 }, { n: 3 }])
  assert.equal(again.damaged, 1)
  assert.throws(() => again.read(place), /damaged/)
  await again.close()
})

test('a rewrite that was killed leaves the old records', async (t) => {
  const file = path.join(folder(t), 'log')
  const { log } = recordsOf(file)
  log.append({ old: true })
  await log.close()
  fs.writeFileSync(file + '.new', 'half of it')
  const { log: again, records } = recordsOf(file)
  assert.deepEqual(records, [{ old: true }])
  assert.equal(fs.existsSync(file + '.new'), false)
  await again.close()
})

test('after a rewrite its places can be read, and appends follow', async (t) => {
  const file = path.join(folder(t), 'log')
  const { log } = recordsOf(file)
  const first = log.append({ n: 1 }).place
  log.append({ n: 2 })
  const durable = log.sync()
  const places = log.rewrite([log.read(first), { n: 3 }])
  await durable
  assert.deepEqual(places.map((place) => log.read(place)), [{ n: 1 }, { n: 3 }])
  const { place, durable: alsoDurable } = log.append({ n: 4 })
  await alsoDurable
  assert.deepEqual(log.read(place), { n: 4 })
  await log.close()
  const { log: again, records } = recordsOf(file)
  assert.deepEqual(records, [{ n: 1 }, { n: 3 }, { n: 4 }])
  await again.close()
})

test('what was appended survives a process that is killed', async (t) => {
  const file = path.join(folder(t), 'log')
  const script = `
    import { RecordLog } from '${new URL('../src/disk/record-log.js', import.meta.url)}'
    const log = new RecordLog(process.argv[1], () => {})
    for (let n = 1; ; n += 1) { log.append({ n, filler: 'x'.repeat(n % 700) }); process.stdout.write(n + '\\n'); if (n % 50 === 0) await log.sync() }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      told += chunk
      if (told.length > 4000) child.kill('SIGKILL')
    })
    child.on('close', resolve)
  })
  const last = Math.max(...told.split('\n').slice(0, -1).map(Number))
  const { log, records } = recordsOf(file)
  assert.ok(records.length >= last, `${records.length} records, ${last} were told`)
  assert.deepEqual(records.map(({ n }) => n), records.map((_, index) => index + 1))
  assert.equal(log.damaged, 0)
  await log.close()
})
