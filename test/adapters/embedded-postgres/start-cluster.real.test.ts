import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCluster } from '../../../electron/adapters/embedded-postgres/start-cluster.ts'
import { findProcesses, findTraces } from '../../support/find-traces.ts'
import { withSandbox } from '../../support/with-sandbox.ts'
import { copyPackage } from './install-owner.ts'

const identity = 'select pg_is_in_recovery() as standby, system_identifier from pg_control_system()'

test('starts a primary and two standbys of one cluster, and leaves no folder behind', async () => {
  const folder = await withSandbox({}, async sandbox => {
    const servers = [sandbox.primary, ...sandbox.standbys]
    const seen = await Promise.all(servers.map(server => sandbox.query(identity, 'postgres', server)))
    expect(seen.flat().map(row => row.standby)).toEqual([false, true, true])
    expect(new Set(seen.flat().map(row => row.system_identifier)).size).toBe(1)
    const streams = await sandbox.query('select application_name, state from pg_stat_replication order by 1')
    expect(streams).toEqual([
      { application_name: 'standby-1', state: 'streaming' },
      { application_name: 'standby-2', state: 'streaming' },
    ])
    await sandbox.query('create table seen (n integer); insert into seen values (7)')
    await sandbox.waitForStandbys()
    for (const standby of sandbox.standbys) {
      expect(await sandbox.query('select n from seen', 'postgres', standby)).toEqual([{ n: 7 }])
    }
    return sandbox.folder
  })
  expect(existsSync(folder)).toBe(false)
})

test('keeps a prepared transaction when the primary is killed and started again', async () => {
  await withSandbox({ fsync: true }, async sandbox => {
    await sandbox.query('create table kept (n integer)')
    await sandbox.query("begin; insert into kept values (1); prepare transaction 'lockstep:test'")
    const killed = sandbox.primary.pid
    await sandbox.primary.kill()
    expect(sandbox.primary.pid).toBeNull()
    await expect(sandbox.query('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await sandbox.primary.start()
    expect(sandbox.primary.pid).not.toBe(killed)
    expect(await sandbox.query('select gid from pg_prepared_xacts')).toEqual([{ gid: 'lockstep:test' }])
    await sandbox.query("commit prepared 'lockstep:test'")
    await sandbox.waitForStandbys()
    expect(await sandbox.query('select n from kept', 'postgres', sandbox.standbys[0])).toEqual([{ n: 1 }])
  })
})

test('leaves no shared memory of a server that was killed and never came back', async () => {
  const segment = await withSandbox({ standbys: 0 }, async sandbox => {
    const line = readFileSync(join(sandbox.primary.dataFolder, 'postmaster.pid'), 'utf8').split('\n')[6]
    await sandbox.primary.kill()
    return line?.trim().split(/\s+/)[1] ?? 'none'
  })
  expect(segment).toMatch(/^\d+$/)
  const segments = readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/)[1])
  expect(segments).not.toContain(segment)
})

test('stops after the step at hand when it is cancelled, and leaves nothing', async () => {
  const temporary = makeFolder(0o755)
  await inTemporaryFolder(temporary, async () => {
    const attempt = startCluster({}, AbortSignal.timeout(200))
    await expect(attempt).rejects.toMatchObject({ failure: { kind: 'cancelled' } })
    expect(readdirSync(temporary)).toEqual([])
    expect(findProcesses(temporary)).toEqual([])
  })
})

test('stops one standby and takes it back with settings of its own', async () => {
  await withSandbox({ standbys: 1 }, async sandbox => {
    const standby = sandbox.standbys[0]!
    await standby.stop()
    await sandbox.query('create table written_meanwhile ()')
    await standby.start({ max_standby_streaming_delay: '1234ms' })
    await sandbox.waitForStandbys()
    await sandbox.query('select from written_meanwhile', 'postgres', standby)
    expect(await sandbox.query('show max_standby_streaming_delay', 'postgres', standby)).toEqual([
      { max_standby_streaming_delay: '1234ms' },
    ])
  })
})

test('starts a server in recovery that belongs to another cluster', async () => {
  await withSandbox({ standbys: 0 }, async sandbox => {
    const foreign = await sandbox.startForeignStandby()
    const [own] = await sandbox.query(identity)
    const [other] = await sandbox.query(identity, 'postgres', foreign)
    expect([own?.standby, other?.standby]).toEqual([false, true])
    expect(other?.system_identifier).not.toBe(own?.system_identifier)
  })
})

test('offers no room for prepared transactions when told so', async () => {
  await withSandbox({ standbys: 0, maxPreparedTransactions: 0 }, async sandbox => {
    const attempt = sandbox.query("begin; prepare transaction 'x'")
    await expect(attempt).rejects.toMatchObject({ code: '55000' })
  })
})

test('refuses a wrong password, and takes no settings from the environment', async () => {
  await withSandbox({ standbys: 0, auth: 'scram' }, async sandbox => {
    const attempt = sandbox.connect('postgres', sandbox.primary, 'postgres', 'wrong')
    await expect(attempt).rejects.toMatchObject({ code: '28P01' })
    expect(await sandbox.query('show timezone')).toEqual([{ TimeZone: 'UTC' }])
  })
})

test('says what is wrong, and cleans up, when a server refuses its settings', async () => {
  const temporary = makeFolder(0o755)
  await inTemporaryFolder(temporary, async () => {
    const attempt = startCluster({ settings: { shared_buffers: 'plenty' } })
    await expect(attempt).rejects.toMatchObject({
      failure: {
        kind: 'sandbox_failed',
        problem: expect.stringMatching(/primary did not start: FATAL.*configuration file/),
      },
    })
    const other = startCluster({ settings: { wal_level: 'minimal' } })
    await expect(other).rejects.toMatchObject({
      failure: { kind: 'sandbox_failed', problem: expect.stringContaining('wal_level') },
    })
    expect(readdirSync(temporary)).toEqual([])
    expect(findProcesses(temporary)).toEqual([])
  })
})

test('starts from a package that other users cannot enter and whose links are missing', async () => {
  const closed = makeFolder(0o700)
  try {
    mkdirSync(join(closed, 'clone'))
    const binariesFolder = copyPackage(join(closed, 'clone'))
    await withSandbox({ binariesFolder, standbys: 1 }, async sandbox => {
      const isCopied = existsSync(join(sandbox.folder, 'runtime'))
      expect(isCopied).toBe(process.getuid?.() === 0)
      const library = join(isCopied ? join(sandbox.folder, 'runtime') : binariesFolder, 'lib', 'libpq.so.5')
      expect(process.platform !== 'linux' || existsSync(library)).toBe(true)
    })
  } finally {
    rmSync(closed, { recursive: true })
  }
})

test('starts ten times in a row without a trace of any', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { folder, ports } = await withSandbox({}, async sandbox => ({
      folder: sandbox.folder,
      ports: [sandbox.primary, ...sandbox.standbys].map(server => server.port),
    }))
    expect(await findTraces(folder, ports)).toEqual([])
  }
})

function makeFolder(mode: number): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-test-')))
  chmodSync(folder, mode)
  return folder
}

async function inTemporaryFolder(folder: string, work: () => Promise<void>): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await work()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true })
  }
}
