import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBinaries } from '../../../electron/adapters/embedded-postgres/locate-binaries.ts'
import { prepareRuntime } from '../../../electron/adapters/embedded-postgres/prepare-runtime.ts'

const stranger = { name: 'stranger', uid: 4_000_000, gid: 4_000_000 }
const suffix = process.platform === 'win32' ? '.exe' : ''
let top: string
let native: string
let sandbox: string

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-test-')))
  chmodSync(top, 0o755)
  native = join(top, 'native')
  sandbox = join(top, 'sandbox')
  for (const folder of ['bin', 'lib/pkgconfig', 'share/postgresql']) {
    mkdirSync(join(native, folder), { recursive: true })
  }
  mkdirSync(sandbox)
  for (const program of ['initdb', 'postgres']) writeFileSync(join(native, 'bin', program + suffix), program)
  writeFileSync(join(native, 'lib', 'libpq.so.5.18'), 'library')
  writeFileSync(join(native, 'lib', 'libpq.a'), 'static')
  writeFileSync(join(native, 'share', 'postgresql', 'postgres.bki'), 'catalog')
  const links = ['libpq.so', 'libpq.so.5'].map(name => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }))
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links))
})
afterEach(() => rmSync(top, { recursive: true }))

test('makes the links where the package lies when install scripts were blocked', async () => {
  const runtime = await prepareRuntime(readBinaries(native), sandbox, null)
  expect(runtime.postgres).toBe(join(native, 'bin', `postgres${suffix}`))
  expect(readFileSync(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library')
  await prepareRuntime(readBinaries(native), sandbox, null)
  expect(existsSync(join(sandbox, 'runtime'))).toBe(false)
})

test('copies what is needed, with links, when the account cannot enter the package', async () => {
  chmodSync(native, 0o700)
  const runtime = await prepareRuntime(readBinaries(native), sandbox, stranger)
  const copy = join(sandbox, 'runtime')
  expect(runtime.initdb).toBe(join(copy, 'bin', `initdb${suffix}`))
  expect(lstatSync(join(copy, 'lib', 'libpq.so.5')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(copy, 'lib', 'libpq.so'), 'utf8')).toBe('library')
  expect(readFileSync(join(copy, 'share', 'postgresql', 'postgres.bki'), 'utf8')).toBe('catalog')
  expect([existsSync(join(copy, 'lib', 'libpq.a')), existsSync(join(copy, 'lib', 'pkgconfig'))]).toEqual([
    false,
    false,
  ])
  expect(existsSync(join(native, 'lib', 'libpq.so'))).toBe(false)
})

test('copies when one file of the package is closed to the account', async () => {
  chmodSync(join(native, 'bin', `postgres${suffix}`), 0o700)
  const runtime = await prepareRuntime(readBinaries(native), sandbox, stranger)
  expect(runtime.postgres.startsWith(sandbox)).toBe(true)
})
