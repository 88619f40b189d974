import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'
import { RunnerConnection } from '../../../electron/adapters/alembic/runner-connection.ts'
import { openRunnerEntry } from '../../../electron/adapters/alembic/runner-entry.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import {
  asyncEnvironment,
  type ProjectParts,
  revision,
  stockEnvironment,
  threeRevisions,
} from './support/alembic-project.ts'
import { endOf, pretendContainer } from './support/pretend-container.ts'

const test = needs('python')
const signal = new AbortController().signal
const runnerFolder = fileURLToPath(new URL('../../../electron/adapters/alembic/runner/', import.meta.url))
let interpreter: string
let bench: AlembicBench

beforeAll(async () => {
  interpreter = await pythonEnvironment()
  bench = await openBench(interpreter)
})
afterAll(() => bench?.close())

const filesOf = async (folder: string) =>
  (await readdir(folder, { recursive: true })).map(name => name.replaceAll('\\', '/')).sort()

/** A project in a pretended container, with a database of its own. */
const openProject = async (
  database: string,
  parts: ProjectParts,
  environment: Readonly<Record<string, string>> = {},
  options: Parameters<AlembicBench['project']>[1] = {},
) => {
  await bench.sandbox.query(`create database ${database}`)
  const host = pretendContainer({ PATH: '/usr/bin:/bin', ...environment })
  const project = await bench.project(parts, { host, ...options })
  return { host, ...project, database }
}

test('migrates a project in a container, and writes nothing there', async () => {
  const { host, port } = bench.sandbox.primary
  const password = 'see/cret%word'
  const server = { name: 'db', host, port, user: 'postgres', password, tls: 'disable' } as const
  const project = await openProject(
    'written',
    {
      revisions: threeRevisions,
      environment: `import os\nprint("hello from", os.environ["GREETING"], flush=True)\nassert os.environ["GREETING"] == "Grüße"\n${stockEnvironment}`,
    },
    { PYTHONDONTWRITEBYTECODE: '1' },
    { serverFor: () => server, environment: { GREETING: 'Grüße' } },
  )
  const before = await filesOf(project.project.folder)
  const tree = await project.source.describe(signal)
  expect(tree.origin).toMatchObject({
    folder: project.project.folder,
    interpreter: { path: interpreter, why: `service app: configuration (${interpreter})` },
  })
  const { result, revisions } = await project.migrate('written', { gid: 'lockstep:written' })
  expect(result.status).toBe('finished')
  expect(revisions).toEqual(['r1', 'r2', 'r3'])
  await bench.sandbox.query("commit prepared 'lockstep:written'", 'written')
  expect(await project.source.readHeads(tenantOf('written'), signal)).toEqual(['r3'])
  expect(await filesOf(project.project.folder)).toEqual(before)
  const said = JSON.stringify(project.host.commands)
  expect(said).not.toContain('cret')
  expect(said).not.toContain('Grüße')
  await project.close()
  expect(await endOf(project.host.started[0])).toEqual({ code: 0, signal: null })
})

test('leaves modules and bytecode of the project as they are without Lockstep', async () => {
  const project = await openProject('modules', {
    revisions: threeRevisions,
    environment: `import lockstep_channel, models\nassert lockstep_channel.whose == models.whose == "ours"\n${stockEnvironment}`,
    files: {
      'models.py': 'whose = "ours"\n',
      // Taken instead of Python's own modules if the folder were searched while the runner loads.
      'json.py': 'raise SystemExit("json of the project")\n',
      'queue.py': 'raise SystemExit("queue of the project")\n',
    },
  })
  const failure = await project.source.readHeads(tenantOf('modules'), signal).catch(toFailure)
  // As with files: a module of the project that is named as one of ours is not found, any other is.
  expect(failure).toMatchObject({ kind: 'source_failed', file: 'migrations/env.py', line: 2 })
  await project.project.write('migrations/env.py', stockEnvironment.replace('\n', '\nimport models\n'))
  expect(await project.source.readHeads(tenantOf('modules'), signal)).toEqual([])
  const written = (await filesOf(project.project.folder)).filter(name => name.startsWith('__pycache__/'))
  expect(written).toEqual([expect.stringContaining('models')])
  await project.close()
})

test('says where the runner itself broke, with module, line and source', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-broken-runner-'))
  await cp(runnerFolder, folder, { recursive: true })
  await writeFile(join(folder, 'lockstep_sql.py'), '"""broken"""\n\nbroken = 1 / 0  # on line three\n')
  const project = await openProject('broken', { revisions: threeRevisions }, {}, { runnerFolder: folder })
  const failure = await project.source.describe(signal).catch(toFailure)
  expect(failure).toMatchObject({ kind: 'worker_died' })
  const text = JSON.stringify(failure)
  expect(text).toContain('File \\"<lockstep_sql.py>\\", line 3, in <module>')
  expect(text).toContain('broken = 1 / 0  # on line three')
  expect(text).toContain('ZeroDivisionError')
  await project.close()
  await rm(folder, { recursive: true })
})

const drivers = ['psycopg', 'psycopg2', 'asyncpg']
const sleeps = 'op.execute("select pg_sleep(600)")'
test.each([
  ...drivers.map(driver => ({
    what: `a statement runs in ${driver}`,
    driver,
    body: sleeps,
    state: 'active',
  })),
  {
    what: 'its code sleeps',
    driver: '',
    body: 'import time\nwhile not op.get_context().as_sql: time.sleep(600)',
    state: 'idle in transaction',
  },
  {
    what: 'its code computes',
    driver: '',
    body: 'while not op.get_context().as_sql: pass',
    state: 'idle in transaction',
  },
])('ends by itself when its input is closed while $what', async ({ what, driver, body, state }) => {
  const database = `closed_${what.split(' ').at(-1)}`
  const project = await openProject(database, {
    revisions: {
      'a.py': revision('a', null, `op.create_table('t', sa.Column('n', sa.Integer))`),
      'b.py': revision('b', 'a', `op.execute("select 'now waiting'")\n${body}`),
    },
    ...(driver === 'asyncpg' ? { environment: asyncEnvironment } : {}),
    ...(driver ? { url: `postgresql+${driver}://u@h/d` } : {}),
  })
  const sessions = () =>
    bench.sandbox.query(
      `select pid, state, query from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid()`,
    )
  const migration = project.migrate(database, { gid: `lockstep:${database}` })
  const text = state === 'active' ? 'pg_sleep' : 'now waiting'
  await waitUntil(
    async () => (await sessions()).some(row => row.state === state && String(row.query).includes(text)),
    'the migration to hang',
  )
  const [runner] = project.host.started
  runner?.stdin?.end()
  expect(await endOf(runner)).toEqual({ code: 0, signal: null })
  expect((await migration).result).toMatchObject({
    status: 'rolled_back',
    failure: { kind: 'worker_died', tenant: database },
  })
  // A server that sleeps does not look at its connection; one that waits for us ends by itself.
  if (state === 'active')
    await bench.sandbox.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
    )
  await waitUntil(async () => (await sessions()).length === 0, 'the session to end')
  expect(await bench.sandbox.query(`select to_regclass('t') as found`, database)).toEqual([{ found: null }])
  await project.close()
})

test('ends by itself when its input is closed before the first request, or before its own sources came', async () => {
  const host = pretendContainer({ PATH: '/usr/bin:/bin' })
  const entry = await openRunnerEntry(host, {})
  const start = { host, interpreter, folder: tmpdir() }
  await new RunnerConnection({ ...start, entry }).close()
  expect(await endOf(host.started[0])).toEqual({ code: 0, signal: null })
  await new RunnerConnection({ ...start, entry: { ...entry, greeting: null } }).close()
  expect(await endOf(host.started[1])).toEqual({ code: 0, signal: null })
  const cut = host.start(interpreter, entry.args, { folder: tmpdir() })
  cut.stdin.end('{"files": {"lockstep_runner": "def main')
  expect(await endOf(host.started[2])).toEqual({ code: 0, signal: null })
})

test('answers a stop at once and leaves no program behind, although it can only close streams', async () => {
  const project = await openProject('stopped', {
    revisions: { 'a.py': `import time\nprint("loading", flush=True)\ntime.sleep(600)\n` },
  })
  const abort = new AbortController()
  const answer = project.source.describe(abort.signal).catch(toFailure)
  await waitUntil(() => project.host.started.length > 0, 'the runner to start')
  const [runner] = project.host.started
  await new Promise(resolve => runner?.stderr?.once('data', resolve))
  abort.abort()
  expect(await answer).toEqual({ kind: 'cancelled', reason: 'asked to stop' })
  expect(await endOf(runner)).toMatchObject({ signal: null })
  await project.close()
})

test('says which file is missing in which container', async () => {
  const project = await openProject('missing', { revisions: {} }, {}, { iniFile: 'srv/gone/alembic.ini' })
  expect(await project.source.describe(signal).catch(toFailure)).toEqual({
    kind: 'alembic_config_missing',
    file: 'service app: /srv/gone/alembic.ini',
  })
  await project.close()
})
