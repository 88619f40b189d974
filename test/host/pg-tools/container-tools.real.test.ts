import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { dumpDatabase } from '../../../electron/adapters/pg-tools/dump-database.ts'
import type { EnginePorts } from '../../../electron/engine/ports/engine-ports.ts'
import type { CopyRequest } from '../../../electron/engine/ports/snapshots.ts'
import { loadProject, type Project } from '../../../electron/host/settings/load-project.ts'
import { noApprovals, withEngine } from '../../../electron/host/wiring/with-engine.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import { type ComposePlace, openComposePlace } from '../../support/compose-place.ts'
import { describeTenant, never } from '../../support/engine-fixture.ts'
import { needs } from '../../support/needs.ts'
import { runCommand } from '../../support/run-command.ts'
import { waitUntil } from '../../support/wait-until.ts'

const test = needs('docker', 'docker compose')
const secret = 's3cret-Dumper-7741'
const tenant = describeTenant('tenant_ash')
const inContainer = 'in the container of service db'

/** A server that listens inside its container only, and asks for a password there too: `docker exec` is the way that is left. */
const compose = `services:
  db:
    image: \${LOCKSTEP_POSTGRES_IMAGE}
    command: [-c, listen_addresses=localhost, -c, max_prepared_transactions=8]
    stop_signal: SIGINT
    tmpfs: [/var/lib/postgresql]
    healthcheck: { test: [CMD, pg_isready, -q, -h, 127.0.0.1], interval: 1s, retries: 90 }
    environment:
      PGDATA: /var/lib/postgresql/lockstep/data
      POSTGRES_PASSWORD: ${secret}
      POSTGRES_INITDB_ARGS: --auth-local=trust --auth-host=scram-sha-256
`
const config = {
  version: 1,
  project: 'dumps',
  compose: { files: ['compose.yaml'] },
  servers: [{ name: 'primary', service: 'db', role: 'primary' }],
  tenants: { databases: 'tenant_*' },
  groups: [{ name: 'all', tenants: '*' }],
  migrations: { sql: {} },
  snapshots: { data: 'always', how: 'dump', minFreeBytes: 0 },
}

let place: ComposePlace
let project: Project
const before = { ...process.env }

beforeAll(async () => {
  place = await openComposePlace('dumps', {
    'compose.yaml': compose,
    'lockstep.yml': JSON.stringify(config),
    'migrations/0001_users.up.sql': 'create table users (id int primary key, name text)',
  })
  // No program of PostgreSQL's is on PATH, only the one that reads Compose files.
  const programs = mkdtempSync(join(place.home.folder, 'programs-'))
  symlinkSync((await runCommand('which', ['docker'])).trim(), join(programs, 'docker'))
  Object.assign(process.env, place.project.env, {
    PATH: programs,
    LOCKSTEP_STATE_DIR: place.home.stateFolder,
  })
  project = loadProject(null, place.folder)
  await ask(`create database ${tenant.database}`)
  await ask(
    `create table users (id int primary key, name text);
     create table notes (id int generated always as identity primary key, body text);
     insert into users select i, 'user '||i from generate_series(1, 500) i;
     insert into notes (body) select string_agg(md5(i::text||':'||j), '') from generate_series(1, 1500) i, generate_series(1, 250) j group by i`,
    tenant.database,
  )
})
afterAll(async () => {
  process.env = before
  await place?.close()
})

/** The server's answer, by its own socket. */
async function ask(sql: string, database = 'postgres'): Promise<string> {
  const psql = ['psql', '-U', 'postgres', '-X', '-v', 'ON_ERROR_STOP=1', '-Atc', sql, database]
  return (await runDocker('exec', await containerId(), ...psql)).trim()
}

async function runDocker(...args: readonly string[]): Promise<string> {
  return runCommand('docker', args, { environment: { ...before, ...place.project.env } })
}

async function containerId(): Promise<string> {
  return (await runDocker('ps', '-q', '--filter', `name=${place.project.projectName}`)).trim()
}

/** Programs of PostgreSQL's clients that are at work in the container. */
async function atWork(): Promise<readonly string[]> {
  const listed = await runDocker('top', await containerId(), '-o', 'pid,args')
  return listed.split('\n').filter(line => /pg_(dump|restore)/.test(line))
}

/** What was started in the container since a moment, as the engine tells every listener. */
async function startedSince(seconds: number): Promise<string> {
  const window = ['--since', String(seconds), '--until', String(Math.ceil(Date.now() / 1000))]
  return runDocker('events', ...window, '--filter', 'event=exec_start')
}

function dumpFiles(): readonly string[] {
  const folder = dirname(project.runsFolder)
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.dump'))
}

const ourDatabases = (): Promise<string> =>
  ask("select datname from pg_database where datname like 'lockstep%'")
const ourSessions = (): Promise<string> =>
  ask("select count(*) from pg_stat_activity where application_name like 'lockstep dump%'")

async function fingerprintOf(ports: EnginePorts): Promise<string> {
  return (await ports.servers.fingerprint('primary', tenant, never)).hash
}

async function take(
  ports: EnginePorts,
  runId: string,
  change: Partial<CopyRequest> = {},
  signal: AbortSignal = never,
): Promise<StoredSnapshot> {
  const fingerprint = change.fingerprint ?? (await fingerprintOf(ports))
  const request: CopyRequest = {
    runId,
    tenant,
    heads: [],
    fingerprint,
    how: 'dump',
    verify: true,
    minFreeBytes: 0,
    mark: await ports.snapshots.markPoint('primary', 'before', never),
    onProgress: () => undefined,
    ...change,
  }
  return ports.snapshots.take(request, signal)
}

test('dumps a tenant by the program of its container, proves the dump there, and makes the tenant again from it', async () => {
  const since = Math.floor(Date.now() / 1000)
  await withEngine(project, noApprovals, async ports => {
    const kept = await take(ports, 'run-1')
    expect(kept).toMatchObject({ kind: 'dump', verified: true, location: 'snapshots/run1/tenant_ash.dump' })
    const file = join(dirname(project.runsFolder), kept.location)
    expect(kept.bytes).toBe(readFileSync(file).length)
    expect(kept.checksum).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'))
    expect(await ourDatabases()).toBe('')
    await ask('delete from users', tenant.database)
    await ports.restores.prepare(kept, tenant, 'lockstep_back', never)
    expect(await ask('select count(*) from users', 'lockstep_back')).toBe('500')
    expect(await ask('select count(*) from users', tenant.database)).toBe('0')
    await ports.restores.discard('primary', 'lockstep_back', never)
  })
  const started = await startedSince(since)
  expect(started.match(/exec_start: pg_\w+ --(?!version)[a-z]/g)).toEqual([
    'exec_start: pg_dump --f',
    'exec_start: pg_restore --n',
    'exec_start: pg_restore --n',
  ])
  expect(started).not.toContain(secret)
})

test('rehearses on a schema that was dumped in the container', async () => {
  const since = Math.floor(Date.now() / 1000)
  await withEngine(project, noApprovals, async ports => {
    const busy = ask("set application_name = 'visitor'; select pg_sleep(60)", tenant.database).catch(() => '')
    const visitor = "from pg_stat_activity where application_name = 'visitor'"
    await waitUntil(async () => (await ask(`select count(*) ${visitor}`)) === '1', 'somebody to be connected')
    await ports.shadows.withShadow(
      { tenant, where: 'server', data: 'schema', onLeft: () => undefined },
      async shadow => {
        expect(shadow.description).toMatchObject({ kind: 'dump', server: 'primary' })
        const [copy, original] = await Promise.all([
          ports.servers.fingerprint('primary', shadow.tenant, never),
          ports.servers.fingerprint('primary', tenant, never),
        ])
        expect(copy.hash).toBe(original.hash)
      },
      never,
    )
    await ask(`select pg_terminate_backend(pid) ${visitor}`)
    await busy
  })
  expect(await startedSince(since)).toMatch(/exec_start: pg_dump --schema-only/)
  expect(await ourDatabases()).toBe('')
})

test('says what the program in the container said where the password is wrong, and keeps the password to itself', async () => {
  const wrong = 's3cret-Wrong-7742'
  const file = join(place.home.folder, 'wrong.dump')
  const error = await withEngine(project, noApprovals, (_, toolPlaces) => {
    const places = toolPlaces('primary')
    const target = { places, user: 'postgres', password: wrong, database: tenant.database, serverMajor: 10 }
    return dumpDatabase(target, file, () => undefined, never).catch((caught: unknown) => caught)
  })
  if (!(error instanceof LockstepError)) throw error
  expect(JSON.stringify(error.failure)).toMatch(
    /pg_dump in the container of service db: .*password authentication failed for user/,
  )
  expect(JSON.stringify(error.failure)).not.toContain(wrong)
  expect(readFileSync(file)).toHaveLength(0)
})

/** Cuts a copy off at a moment, and looks at what is left: nothing may be. */
async function cutOff(
  runId: string,
  isTime: () => Promise<boolean>,
  hold: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const stop = new AbortController()
  await withEngine(project, noApprovals, async ports => {
    const fingerprint = await fingerprintOf(ports)
    await hold()
    const taking = take(ports, runId, { fingerprint }, stop.signal).then(
      () => 'taken',
      (error: unknown) => error,
    )
    await waitUntil(isTime, 'the moment to stop')
    expect(await atWork()).toHaveLength(1)
    stop.abort(new Error('somebody said stop'))
    expect(await taking).toMatchObject({ failure: { kind: 'cancelled', reason: 'somebody said stop' } })
  })
  expect(await atWork()).toEqual([])
  expect(await ourSessions()).toBe('0')
  expect(dumpFiles().filter(name => name.includes(runId))).toEqual([])
  expect(await ourDatabases()).toBe('')
}

test('leaves no program in the container and no file when a dump is cut off while it waits', async () => {
  const lock = "set application_name = 'locker'; begin; lock notes; select pg_sleep(60)"
  const held = "from pg_stat_activity where application_name = 'locker' and wait_event = 'PgSleep'"
  const waits =
    "select count(*) from pg_stat_activity where application_name like 'lockstep dump%' and wait_event_type = 'Lock'"
  let locking: Promise<unknown> = Promise.resolve()
  const hold = async (): Promise<void> => {
    locking = ask(lock, tenant.database).catch(() => '')
    await waitUntil(async () => (await ask(`select count(*) ${held}`)) === '1', 'a lock')
  }
  try {
    await cutOff('waiting', async () => (await ask(waits)) === '1', hold)
  } finally {
    await ask(`select pg_terminate_backend(pid) ${held}`)
    await locking
  }
})

test('leaves no program in the container and no file when a dump is cut off in the middle of its rows', async () => {
  const stop = new AbortController()
  const file = join(place.home.folder, 'half.dump')
  const seen: number[] = []
  const error = await withEngine(project, noApprovals, (_, toolPlaces) => {
    const places = toolPlaces('primary')
    const target = { places, user: 'postgres', password: secret, database: tenant.database, serverMajor: 10 }
    const onBytes = (bytes: number): void => {
      seen.push(bytes)
      if (bytes > 100_000) stop.abort(new Error('somebody said stop'))
    }
    return dumpDatabase(target, file, onBytes, stop.signal).catch((caught: unknown) => caught)
  })
  expect(error).toMatchObject({ failure: { kind: 'cancelled' } })
  expect(seen.at(-1)).toBeGreaterThan(100_000)
  expect(await atWork()).toEqual([])
  expect(await ourSessions()).toBe('0')
})

test('ends a restore that is cut off, drops what it made, and keeps no dump that was not proven', async () => {
  await ask(
    `create function slow() returns boolean language sql as 'select true';
     create table waits (id int check (public.slow()));
     insert into waits values (1);
     create or replace function slow() returns boolean language sql volatile as 'select pg_sleep(60) is not null'`,
    tenant.database,
  )
  const sleeps =
    "select count(*) from pg_stat_activity where application_name like 'lockstep dump%' and wait_event = 'PgSleep'"
  await cutOff('restoring', async () => (await ask(sleeps)) === '1')
  await ask('drop table waits; drop function slow()', tenant.database)
})

test('doctor says where dumps come from, and the next place serves where the container has no program', async () => {
  const version = Math.floor(Number(await ask('show server_version_num')) / 10_000)
  const inside = await place.lockstep(['doctor'])
  expect(inside.stdout).toContain(`dumps of primary   pg_dump ${version} ${inContainer}\n`)
  const hide = 'cd /usr/lib/postgresql/bin && mv pg_dump hidden_dump && mv pg_restore hidden_restore'
  await runDocker('exec', '-u', '0', await containerId(), 'sh', '-c', hide)
  const outside = await place.lockstep(['doctor'])
  if (/pg_dump \d+ on this machine/.test(outside.stdout)) {
    // By a socket that leads through the tunnel.
    await withEngine(project, noApprovals, async ports => {
      expect(await take(ports, 'run-2')).toMatchObject({ kind: 'dump', verified: true })
    })
  } else {
    expect(outside.stdout).toMatch(
      new RegExp(
        `there is no pg_dump ${inContainer}; version ${version} or newer is needed; .* on this machine`,
      ),
    )
    const tried = await withEngine(project, noApprovals, ports => take(ports, 'run-2').catch(String))
    expect(tried).toContain('on this machine')
  }
  expect(place.everything()).not.toContain(secret)
})
