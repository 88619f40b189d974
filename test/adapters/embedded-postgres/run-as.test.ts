import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  canReach,
  parseAccounts,
  pickServerUser,
} from '../../../electron/adapters/embedded-postgres/run-as.ts'

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
+::::::
postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`

test('runs the servers as the account that is entitled to the least', () => {
  expect(pickServerUser(parseAccounts(passwd))).toEqual({ name: 'nobody', uid: 65534, gid: 65534 })
})

test('takes any account but root when none is known by name', () => {
  const accounts = parseAccounts(
    'root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbuild:x:1000:1000::/home/build:/bin/sh',
  )
  expect(pickServerUser(accounts)).toEqual({ name: 'build', uid: 1000, gid: 1000 })
})

test('finds no account where there is only root', () => {
  expect(pickServerUser(parseAccounts('root:x:0:0::/:/bin/sh\n'))).toBeUndefined()
})

test('sees that one closed folder on the way keeps a stranger out', () => {
  const stranger = { name: 'stranger', uid: 4_000_000, gid: 4_000_000 }
  const top = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
  try {
    const file = join(top, 'inner', 'program')
    mkdirSync(join(top, 'inner'))
    writeFileSync(file, '', { mode: 0o755 })
    chmodSync(join(top, 'inner'), 0o755)
    chmodSync(top, 0o711)
    expect([canReach(stranger, file), canReach(stranger, top)]).toEqual([true, false])
    chmodSync(top, 0o700)
    expect([canReach(stranger, file), canReach(null, file)]).toEqual([false, true])
    const owner = { name: 'owner', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    expect(canReach(owner, file)).toBe(true)
  } finally {
    rmSync(top, { recursive: true })
  }
})
