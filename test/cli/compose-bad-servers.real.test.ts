import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { stringify } from 'yaml'
import { type ComposePlace, openComposePlace, writeFiles } from '../support/compose-place.ts'
import { withDockerProxy } from '../support/docker-proxy.ts'
import { needs } from '../support/needs.ts'
import { runCommand } from '../support/run-command.ts'

const it = needs('docker', 'docker compose')
const password = `p$s'w"rd: %41#&@/\\s-7d31`
const pooler = 'local/pgbouncer:test'

const compose = `x-server: &server
  image: \${LOCKSTEP_POSTGRES_IMAGE}
  command: [-c, max_prepared_transactions=8]
  stop_signal: SIGINT
  environment: { POSTGRES_PASSWORD_FILE: /run/secrets/db_password, PGDATA: /var/lib/postgresql/lockstep }
  secrets: [db_password]
  tmpfs: [/var/lib/postgresql]
  volumes: ['./tenants.sql:/docker-entrypoint-initdb.d/tenants.sql:ro']
  healthcheck: { test: [CMD, pg_isready, -q, -h, 127.0.0.1], interval: 1s, retries: 90 }
services:
  primary:
    <<: *server
    ports: ['127.0.0.1:0:5432']
  standby-2: *server
  pgbouncer: { image: '${pooler}', entrypoint: [sleep, infinity], stop_signal: SIGKILL }
  app: { image: '\${LOCKSTEP_APP_IMAGE}', entrypoint: [sleep, infinity], stop_signal: SIGKILL }
secrets:
  db_password: { file: ./password.txt }
`
const tenants = ['shop_a', 'shop_b']
  .map(name => `create database ${name}; revoke connect, temporary on database ${name} from public;\n`)
  .join('')

let place: ComposePlace

beforeAll(async () => {
  const docker = inject('docker')
  if (docker === null) return
  await runCommand('docker', ['-H', docker.host, 'tag', docker.postgresImage, pooler])
  place = await openComposePlace('bad-servers', {
    'compose.yaml': compose,
    'password.txt': `${password}\n`,
    'tenants.sql': tenants,
    'migrations/0001_items.up.sql': 'create table items (id integer primary key);\n',
    'migrations/0001_items.down.sql': 'drop table items;\n',
  })
})

afterEach(() => {
  expect(place.everything()).not.toContain(password)
  expect(place.everything()).not.toContain(JSON.stringify(password).slice(1, -1))
})

afterAll(async () => {
  await place?.close()
  const docker = inject('docker')
  if (docker) await runCommand('docker', ['-H', docker.host, 'rmi', pooler])
})

interface Finding {
  readonly subject: string
  readonly what: { readonly kind: string }
}

async function readTopology(environment: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await place.lockstep(['topology', '--json'], { environment })
  expect(exitCode, stderr).toBe(0)
  return JSON.parse(stdout)
}

function kindsOf(findings: readonly Finding[], subject: string): readonly string[] {
  return findings.filter(one => one.subject === subject).map(one => one.what.kind)
}

/** Writes a project file beside the Compose file, and gives the arguments that name it. */
function configure(changes: Readonly<Record<string, unknown>>): readonly string[] {
  const usual = {
    version: 1,
    project: 'shop',
    compose: { files: ['compose.yaml'] },
    servers: [{ name: 'main', service: 'primary' }],
    tenants: { databases: 'shop_*' },
    migrations: { sql: { folder: 'migrations' } },
    gates: { replica_lag: { requireStandbys: false } },
  }
  writeFiles(place.folder, { 'shop.yml': stringify({ ...usual, ...changes }) })
  return ['--config', 'shop.yml']
}

async function expectUnchanged(): Promise<void> {
  const state = `select coalesce(to_regclass('items')::text, 'nothing')
    || (select count(*) from pg_prepared_xacts)`
  for (const service of ['primary', 'standby-2'])
    expect(await place.ask(service, 'shop_a', state), service).toBe('nothing0')
}

it('a cluster of its own under a standby’s name is found by its identity, and stops a run by the lag gate', async () => {
  const shown = await readTopology()
  expect(kindsOf(shown.findings, 'standby-2')).toEqual(['role_differs', 'other_cluster'])
  // The password comes from the secret's file: a client of the published port is asked for it.
  const [main] = shown.clusters
  expect(main.primary).toMatchObject({ server: 'primary', role: 'primary', way: 'published_port' })
  const run = await place.lockstep(['run', '--yes'])
  expect(run.exitCode, run.stderr).toBe(3)
  expect(run.stderr).toMatch(/gate replica_lag failed: 0 of 1 standby in step/)
  expect(run.stderr).toMatch(/standby-2: belongs to another cluster: its system identifier is \d+/)
  await expectUnchanged()
})

it('a pooler is shown as what it is, and is no way to migrate', async () => {
  const shown = await readTopology()
  const services = shown.services.filter((one: { service: string }) => one.service === 'pgbouncer')
  expect(services).toMatchObject([{ kind: 'pooler', image: pooler }])
  expect(kindsOf(shown.findings, 'pgbouncer')).toEqual(['pooler'])
  const args = configure({ servers: [{ name: 'main', service: 'pgbouncer' }] })
  const run = await place.lockstep(['run', '--yes', '--json', ...args])
  expect(run.exitCode, run.stderr).toBe(2)
  expect(run.stderr).toMatch(/Server main is a connection pooler/)
  expect(JSON.parse(run.stdout).failure).toMatchObject({ kind: 'pooler_refused' })
  await expectUnchanged()
})

it('a service that the Compose files do not know is refused with those that they know', async () => {
  const args = configure({ servers: [{ name: 'main', service: 'primry' }] })
  for (const verb of [['run', '--yes'], ['topology']]) {
    const { exitCode, stdout, stderr } = await place.lockstep([...verb, ...args])
    expect(exitCode, stderr).toBe(2)
    // What there is is shown all the same, for the person who corrects the file.
    if (verb[0] === 'topology') expect(stdout).toMatch(/^pgbouncer +pooler/m)
    expect(stderr).toContain('There is no service primry.')
    expect(stderr).toContain('Known: app, pgbouncer, primary, standby-2.')
    expect(stderr).toContain('Correct `service` in lockstep.yml')
  }
})

it('a wrong password in the project file is refused as such, although the right one lies in a secret', async () => {
  const given = 'wr0ng:Secret-a55e'
  const args = configure({ servers: [{ name: 'main', service: 'primary', password: given }] })
  const run = await place.lockstep(['run', '--yes', '--json', ...args])
  expect(run.exitCode, run.stderr).toBe(2)
  expect(JSON.parse(run.stdout).failure).toMatchObject({ kind: 'authentication_failed' })
  expect(run.stderr).toMatch(/Server main refuses the login of postgres/)
  expect(place.everything()).not.toContain(given)
  await expectUnchanged()
})

it('services that are stopped are named with the command that starts them', async () => {
  await place.project.compose('stop', '--timeout', '5', 'standby-2', 'app')
  try {
    const shown = await readTopology()
    expect(kindsOf(shown.findings, 'standby-2')).toEqual(['not_running'])
    const server = configure({ servers: [{ name: 'main', service: 'standby-2' }] })
    const stopped = await place.lockstep(['run', '--yes', ...server])
    expect(stopped.exitCode, stopped.stderr).toBe(2)
    expect(stopped.stderr).toMatch(/Service standby-2 is not running[\s\S]*docker compose up -d standby-2/)
    const app = configure({ migrations: { alembic: { service: 'app', config: '/srv/app/alembic.ini' } } })
    const without = await place.lockstep(['run', '--yes', ...app])
    expect(without.exitCode, without.stderr).toBe(2)
    expect(without.stderr).toMatch(/Service app is not running[\s\S]*docker compose up -d app/)
  } finally {
    await place.project.compose('up', '-d', '--wait')
  }
})

it('a paused container is a finding with what wakes it, and its standby is missed by the gate', async () => {
  await place.project.compose('pause', 'standby-2')
  try {
    const shown = await place.lockstep(['topology'])
    expect(shown.exitCode, shown.stderr).toBe(0)
    expect(shown.stdout).toContain('Service standby-2 is not running: its container is paused.')
    expect(shown.stdout).toContain('fix: docker compose unpause standby-2')
    const run = await place.lockstep(['run', '--yes'])
    expect(run.exitCode, run.stderr).toBe(3)
    expect(run.stderr).toMatch(/gate replica_lag failed[\s\S]*standby-2: .*paused/)
  } finally {
    await place.project.compose('unpause', 'standby-2')
  }
  await expectUnchanged()
})

it('while the primary hangs, a standby that acts as one is not migrated in its place', async () => {
  await place.project.compose('kill', '--signal', 'STOP', 'primary')
  try {
    const [shown, run] = await Promise.all([readTopology(), place.lockstep(['run', '--yes'])])
    expect(kindsOf(shown.findings, 'primary')).toContain('unreachable')
    expect(kindsOf(shown.findings, 'standby-2')).toContain('role_differs')
    expect(run.exitCode, run.stderr).toBe(1)
    expect(run.stderr).toMatch(/Server primary cannot be reached[\s\S]*published port: no answer in time/)
  } finally {
    await place.project.compose('kill', '--signal', 'CONT', 'primary')
  }
  await expectUnchanged()
})

it.each([
  { what: 'ends', command: ['kill'] },
  { what: 'is removed', command: ['rm', '--force'] },
])('a container that $what between the list and the question is a finding', async ({ command }) => {
  const { project } = place
  const id = (await project.compose('ps', '--quiet', '--no-trunc', 'standby-2')).trim()
  const interception = {
    question: new RegExp(`^GET /containers/${id}/json`),
    // The first one belongs to the list.
    occurrence: 2,
    act: () => project.docker(...command, id),
  }
  try {
    await withDockerProxy(project.env.DOCKER_HOST ?? '', interception, async proxy => {
      const shown = await readTopology({ DOCKER_HOST: proxy.host })
      expect(proxy.acted()).toBe(true)
      expect(kindsOf(shown.findings, 'standby-2')).toEqual(['unreachable'])
      expect(shown.clusters[0].primary).toMatchObject({ server: 'primary', role: 'primary' })
      expect(shown.tenants).toHaveLength(2)
    })
  } finally {
    await project.compose('up', '-d', '--wait', 'standby-2')
  }
})

it('a container that ends while migrations are looked for in it holds none', async () => {
  const { project } = place
  const id = (await project.compose('ps', '--quiet', '--no-trunc', 'app')).trim()
  const interception = {
    question: new RegExp(`^POST /containers/${id}/exec`),
    act: () => project.docker('rm', '--force', id),
  }
  try {
    await withDockerProxy(project.env.DOCKER_HOST ?? '', interception, async proxy => {
      const shown = await readTopology({ DOCKER_HOST: proxy.host })
      expect(proxy.acted()).toBe(true)
      expect(shown.migrations).toMatchObject([{ service: null, kind: 'sql' }])
    })
  } finally {
    await project.compose('up', '-d', 'app')
  }
})

it('the password of a secret’s file opens a published port for a whole run, and is kept nowhere', async () => {
  const run = await place.lockstep(['run', '--yes', '--json', '--verbose', ...configure({})])
  expect(run.exitCode, run.stderr).toBe(0)
  const report = JSON.parse(run.stdout)
  expect(report).toMatchObject({ outcome: 'migrated' })
  expect(report.servers).toMatchObject([{ server: 'main', way: 'published_port' }])
  expect(await place.ask('primary', 'shop_b', "select to_regclass('items')")).toBe('items')
})
