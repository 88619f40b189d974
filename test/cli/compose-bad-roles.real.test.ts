import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { type ComposePlace, openComposePlace, writeFiles } from '../support/compose-place.ts'
import { findProcesses } from '../support/find-traces.ts'
import { needs } from '../support/needs.ts'
import { waitUntil } from '../support/wait-until.ts'

const it = needs('docker', 'docker compose')
const secrets = ['s3cret-Boss-4411', 's3cret-Copy-4412', 's3cret-Tenant-4413']

/** The names say the opposite of what is so. */
const compose = `x-server: &server
  image: \${LOCKSTEP_POSTGRES_IMAGE}
  command: [-c, max_prepared_transactions=8]
  stop_signal: SIGINT
  tmpfs: [/var/lib/postgresql]
  healthcheck: { test: [CMD, pg_isready, -q, -h, 127.0.0.1], interval: 1s, retries: 90 }
x-environment: &environment
  PGDATA: /var/lib/postgresql/lockstep/data
  POSTGRES_PASSWORD: ${secrets[0]}
  REPLICATION_PASSWORD: ${secrets[1]}
  TENANT_PASSWORD: ${secrets[2]}
services:
  replica:
    <<: *server
    environment: *environment
    volumes: ['./init-primary.sh:/docker-entrypoint-initdb.d/init-primary.sh:ro']
  primary:
    <<: *server
    hostname: primary
    entrypoint: [bash, /start-standby.sh]
    environment: { <<: *environment, UPSTREAM: replica }
    depends_on: { replica: { condition: service_healthy } }
    volumes: ['./start-standby.sh:/start-standby.sh:ro']
`

let place: ComposePlace

beforeAll(async () => {
  if (inject('docker') === null) return
  const fixture = (name: string) =>
    readFileSync(fileURLToPath(new URL(`../../examples/shop-compose/${name}`, import.meta.url)), 'utf8')
  place = await openComposePlace('bad-roles', {
    'compose.yaml': compose,
    'init-primary.sh': fixture('init-primary.sh'),
    'start-standby.sh': fixture('start-standby.sh'),
    'migrations/0001_items.up.sql': 'create table items (id integer primary key);\n',
    'migrations/0001_items.down.sql': 'drop table items;\n',
  })
})

afterEach(() => {
  for (const secret of secrets) expect(place.everything()).not.toContain(secret)
})

afterAll(() => place?.close())

interface Finding {
  readonly subject: string
  readonly what: { readonly kind: string; readonly folders?: readonly string[] }
}

async function readTopology(folder = place.folder) {
  const { exitCode, stdout, stderr } = await place.lockstep(['topology', '--json'], { folder })
  expect(exitCode, stderr).toBe(0)
  return JSON.parse(stdout)
}

const readItems = () => place.ask('replica', 'tenant_ash', "select coalesce(to_regclass('items')::text, '')")

it('a primary that is really a standby is said to differ from its name, and the proven roles are shown', async () => {
  const { clusters, findings } = await readTopology()
  expect(clusters).toHaveLength(1)
  expect(clusters[0].primary).toMatchObject({ server: 'replica', role: 'primary' })
  expect(clusters[0].standbys).toMatchObject([{ server: 'primary', role: 'standby' }])
  expect(findings).toMatchObject([
    { subject: 'primary', what: { kind: 'role_differs', declared: 'primary', observed: 'standby' } },
    { subject: 'replica', what: { kind: 'role_differs', declared: 'standby', observed: 'primary' } },
  ])
})

it('a project file that declares the roles the wrong way round stops at a gate that names the servers', async () => {
  writeFiles(place.folder, {
    'wrong.yml': `version: 1
project: shop
compose: { files: [compose.yaml] }
servers:
  - { name: primary, service: primary, role: primary }
  - { name: replica, service: replica, role: standby }
tenants: { databases: 'tenant_*' }
migrations: { sql: { folder: migrations } }
`,
  })
  const run = await place.lockstep(['run', '--yes', '--config', 'wrong.yml'])
  expect(run.exitCode, run.stderr).toBe(3)
  expect(run.stderr).toMatch(/server primary is standby but declared as primary/)
  expect(run.stderr).toMatch(/Stopped by 1 gate: replica_lag\. Nothing was changed\./)
  expect(run.stderr).toMatch(/ primary: is declared as the primary, but it is a standby/)
  expect(run.stderr).toMatch(/next {2}Correct the role of primary in lockstep\.yml/)
  expect(await readItems()).toBe('')
})

it('a standby that is declared as a primary without standbys stops at the same gate', async () => {
  writeFiles(place.folder, {
    'alone.yml': `version: 1
project: shop
compose: { files: [compose.yaml] }
servers: [{ name: primary, service: primary, role: primary }]
tenants: { databases: 'tenant_*' }
migrations: { sql: { folder: migrations } }
gates: { replica_lag: { requireStandbys: false } }
`,
  })
  const run = await place.lockstep(['run', '--yes', '--config', 'alone.yml'])
  expect(run.exitCode, run.stderr).toBe(3)
  expect(run.stderr).toMatch(/ primary: is declared as the primary, but it is a standby/)
  expect(await readItems()).toBe('')
})

it('two projects of one name in two folders are told apart, and a finding names both folders', async () => {
  const other = join(place.home.folder, 'other')
  writeFiles(other, {
    'compose.yaml': `services:
  other-db:
    image: \${LOCKSTEP_POSTGRES_IMAGE}
    environment: { POSTGRES_PASSWORD: ${secrets[0]} }
    stop_signal: SIGINT
    tmpfs: [/var/lib/postgresql]
    healthcheck: { test: [CMD, pg_isready, -q, -h, 127.0.0.1], interval: 1s, retries: 90 }
`,
  })
  const { projectName } = place.project
  const file = join(other, 'compose.yaml')
  await place.project.docker('compose', '-p', projectName, '-f', file, 'up', '-d', '--wait')
  try {
    for (const [folder, services] of [
      [other, ['other-db']],
      [place.folder, ['primary', 'replica']],
    ] as const) {
      const shown = await readTopology(folder)
      expect(shown.services.map((one: { service: string }) => one.service).sort()).toEqual(services)
      const shared = shown.findings.find((one: Finding) => one.what.kind === 'project_name_shared')
      expect(shared).toMatchObject({ subject: projectName, what: { folders: [other, place.folder] } })
    }
  } finally {
    await place.project.docker('compose', '-p', projectName, '-f', file, 'rm', '-fsv', 'other-db')
  }
})

it('a project of the same name and services that was started elsewhere is shown, and never migrated', async () => {
  const copy = join(place.home.folder, 'copy')
  writeFiles(copy, {
    'compose.yaml': compose,
    'migrations/0009_other.up.sql': 'create table items (id text);\n',
  })
  const shown = await readTopology(copy)
  const shared = shown.findings.find((one: Finding) => one.what.kind === 'project_name_shared')
  expect(shared).toMatchObject({ what: { folders: [copy, place.folder] } })
  for (const verb of [['init'], ['run', '--yes']]) {
    const { exitCode, stderr } = await place.lockstep(verb, { folder: copy })
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain(`were started from ${place.folder}, not from ${copy}`)
    expect(stderr).toMatch(/fix {2}Go there, or give this project a name of its own/)
  }
  expect(await readItems()).toBe('')
})

it('a run without a project file goes by the proven roles', async () => {
  const run = await place.lockstep(['run', '--yes', '--json'])
  expect(run.exitCode, run.stderr).toBe(0)
  const report = JSON.parse(run.stdout)
  expect(report).toMatchObject({ outcome: 'migrated', summary: { tenants_validated: 3 } })
  expect(report.replicas).toMatchObject([{ server: 'primary', caught_up: true }])
  expect(await readItems()).toBe('items')
})

it('a topology that is watched tells of a container that stops and starts, and ends with Ctrl-C', async () => {
  const { home, folder, project } = place
  const watching = home.start(['topology', '--watch'], { folder, environment: project.env })
  let shown = ''
  watching.process.stdout?.on('data', (text: string) => {
    shown += text
  })
  const wait = (line: RegExp) =>
    waitUntil(() => line.test(shown) || watching.process.exitCode !== null, `${line} in\n${shown}`, 60)
  await wait(/^problem {2}Server replica is a primary/m)
  await project.compose('stop', '--timeout', '10', 'primary')
  await wait(/service \S+-primary-1: running.* -> exited/)
  await wait(/server primary: standby.* -> unreachable/)
  await project.compose('start', 'primary')
  await wait(/service \S+-primary-1: exited.* -> running/)
  await wait(/server primary: unreachable -> standby, streaming/)
  // npm and the terminal both deliver one Ctrl-C.
  watching.signal('SIGINT')
  watching.signal('SIGINT')
  const { exitCode, stderr } = await watching.ended
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toBe('')
  expect(findProcesses(home.folder)).toEqual([])
})
