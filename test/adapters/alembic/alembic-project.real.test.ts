import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAlembicSource } from '../../../electron/adapters/alembic/alembic-source.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { revision, threeRevisions } from './support/alembic-project.ts'

const test = needs('python')

const signal = new AbortController().signal
let interpreter: string
let bench: AlembicBench

beforeAll(async () => {
  interpreter = await pythonEnvironment()
  bench = await openBench(interpreter)
})
afterAll(() => bench?.close())

const create = (table: string): string => `op.create_table('${table}', sa.Column('n', sa.Integer))`

/** Two branches from one base, a third line of its own that depends on one of them, and a merge. */
const branches = {
  'base.py': revision('base1', null, create('base')),
  'left.py': revision('left1', 'base1', create('leftish'), { labels: 'left' }),
  'right.py': revision('right1', 'base1', create('rightish'), { labels: 'right' }),
  'audit.py': revision('audit1', null, create('audit'), { labels: 'audit', dependsOn: 'right' }),
}
const merge = { 'merge.py': revision('merge1', ['left1', 'right1'], 'pass') }

test('describes the tree as Alembic sees it, with checksums and the interpreter', async () => {
  const { source, project, close } = await bench.project({ revisions: { ...branches, ...merge } })
  const graph = await source.describe(signal)
  expect(graph).toMatchObject({
    source: 'alembic',
    bases: ['audit1', 'base1'],
    heads: ['audit1', 'merge1'],
    origin: { folder: project.folder, interpreter: { why: expect.stringContaining('configuration') } },
  })
  expect(graph.origin.interpreter?.versions.alembic).toMatch(/^1\./)
  const byId = new Map(graph.revisions.map(found => [found.id, found]))
  expect(byId.get('merge1')).toMatchObject({ isMerge: true, parents: ['left1', 'right1'], labels: [] })
  expect(byId.get('audit1')).toMatchObject({ parents: [], dependsOn: ['right1'], labels: ['audit'] })
  const bytes = await readFile(join(project.folder, 'migrations/versions/left.py'))
  expect(byId.get('left1')).toEqual({
    id: 'left1',
    parents: ['base1'],
    dependsOn: [],
    labels: ['left'],
    message: 'revision left1',
    file: 'migrations/versions/left.py',
    checksum: createHash('sha256').update(bytes).digest('hex'),
    isMerge: false,
  })
  await close()
})

test('plans over branches, merges and dependencies, and knows what the version table will hold', async () => {
  const { source, migrate, close } = await bench.project({ revisions: { ...branches, ...merge } })
  const plan = async (from: string[], target: string[]) =>
    (await source.planSteps(from, target, signal)).map(step => [step.revision, step.headsAfter])
  expect(await plan(['left1'], ['merge1'])).toEqual([
    ['right1', ['left1', 'right1']],
    ['merge1', ['merge1']],
  ])
  expect(await plan(['left1', 'right1'], ['merge1'])).toEqual([['merge1', ['merge1']]])
  expect(await plan(['merge1'], ['merge1'])).toEqual([])
  const audit = await plan(['left1'], ['audit@head'])
  expect(audit.map(([id]) => id)).toEqual(['right1', 'audit1'])
  await bench.sandbox.query('create database branched')
  const from: string[] = []
  const steps = await source.planSteps(from, ['audit1', 'merge1'], signal)
  expect((await migrate('branched', { steps })).result.status).toBe('finished')
  expect(await source.readHeads(tenantOf('branched'), signal)).toEqual(steps.at(-1)?.headsAfter)
  await close()
})

test('goes back down over a merge and its branches to exactly the heads that it came from', async () => {
  const { source, migrate, close } = await bench.project({ revisions: { ...branches, ...merge } })
  const back = async (from: string[], to: string[]) =>
    (await source.planDowngrade(from, to, signal)).map(step => [
      step.revision,
      step.direction,
      step.headsAfter,
    ])
  expect(await back(['merge1'], ['left1'])).toEqual([
    ['merge1', 'down', ['left1', 'right1']],
    ['right1', 'down', ['left1']],
  ])
  expect(await back(['merge1'], ['merge1'])).toEqual([])
  expect((await source.planSteps([], ['left1'], signal))[0]).not.toHaveProperty('direction')
  expect(await source.planDowngrade(['left1'], ['gone'], signal).catch(toFailure)).toMatchObject({
    kind: 'revision_unknown',
  })
  await bench.sandbox.query('create database undone')
  const up = await source.planSteps([], ['merge1'], signal)
  expect((await migrate('undone', { steps: up })).result.status).toBe('finished')
  const from = await source.readHeads(tenantOf('undone'), signal)
  const down = await source.planDowngrade(from, [], signal)
  expect(down.map(step => step.revision).sort()).toEqual(up.map(step => step.revision).sort())
  expect((await migrate('undone', { from, steps: down })).result.status).toBe('finished')
  expect(await source.readHeads(tenantOf('undone'), signal)).toEqual([])
  await close()
})

test('refuses `head` when there are several, with the command that merges them', async () => {
  const { source, close } = await bench.project({ revisions: branches })
  expect(await source.planSteps([], ['head'], signal).catch(toFailure)).toEqual({
    kind: 'several_heads',
    heads: ['audit1', 'left1', 'right1'],
    mergeCommand: 'alembic merge -m "merge heads" audit1 left1 right1',
  })
  expect(await source.planSteps(['gone'], ['heads'], signal).catch(toFailure)).toMatchObject({
    kind: 'revision_unknown',
    revision: 'gone',
  })
  expect(await source.planSteps([], ['gone'], signal).catch(toFailure)).toMatchObject({
    kind: 'revision_unknown',
    revision: 'gone',
  })
  await close()
})

test('reads heads that the project does not know, several of them, and leaves the database alone', async () => {
  await bench.sandbox.query('create database foreign_heads')
  const { source, close } = await bench.project({ revisions: branches })
  const tenant = tenantOf('foreign_heads')
  expect(await source.readHeads(tenant, signal)).toEqual([])
  expect(await bench.sandbox.query("select to_regclass('alembic_version') as t", tenant.database)).toEqual([
    { t: null },
  ])
  await bench.sandbox.query(
    "create table alembic_version (version_num varchar(32)); insert into alembic_version values ('zzz'), ('left1')",
    tenant.database,
  )
  expect(await source.readHeads(tenant, signal)).toEqual(['left1', 'zzz'])
  expect(await source.verifyApplied(tenant, signal)).toBeNull()
  await close()
})

test('shows the statements of each revision, and says why not where it cannot', async () => {
  const { source, close } = await bench.project({
    revisions: {
      ...threeRevisions,
      'r4.py': revision(
        'r4',
        'r3',
        `op.execute("insert into users values ('%s')" % __import__('uuid').uuid4())`,
      ),
      'r5.py': revision('r5', 'r4', `sa.inspect(op.get_bind()).get_table_names()`),
    },
  })
  const steps = await source.planSteps(['r1'], ['r5'], signal)
  expect(steps[0]).toMatchObject({
    revision: 'r2',
    transactional: true,
    statements: [
      { sql: 'ALTER TABLE users ADD COLUMN extra JSON' },
      { sql: 'select id from users order by id' },
    ],
    unrendered: 'it reads the database while it runs (line 13)',
  })
  expect(steps[1]).toMatchObject({
    statements: [{ sql: 'ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE (email)', tables: [] }],
    unrendered: '',
  })
  expect(steps[2]).toMatchObject({
    statements: [],
    unrendered: 'its statements differ each time that they are made',
  })
  expect(steps[3]?.unrendered).toMatch(/line 11/)
  const first = await source.planSteps([], ['r1'], signal)
  expect(first[0]?.statements.map(({ sql }) => sql)).toContain(
    "INSERT INTO users (id, email) VALUES (2, 'c')",
  )
  await close()
})

test.each([
  ['autocommit_block()', 'with op.get_context().autocommit_block():\n    op.execute("select 1")'],
  ['CREATE ... CONCURRENTLY', 'op.execute("create index concurrently i on t (n)")'],
  ['postgresql_concurrently=True', "op.create_index('i', 't', ['n'], postgresql_concurrently=True)"],
  ['VACUUM', 'op.execute("vacuum t")'],
  ['ALTER SYSTEM', 'op.execute("/* now */ alter system set work_mem = 1")'],
  ['CREATE DATABASE', 'op.execute("create database x")'],
  ['COMMIT', 'op.execute("COMMIT")'],
  ['VACUUM', 'if op.get_bind().execute(sa.text("select 1")).scalar():\n    op.execute("vacuum t")'],
  ['', 'op.execute("insert into t values (\'commit; vacuum\') -- end; commit")'],
  [
    '',
    'op.execute("do $$ begin perform 1; end $$; savepoint s; rollback to s; refresh materialized view concurrently v")',
  ],
  [
    '',
    'op.execute("create function f() returns int begin atomic select case when true then 1 end; end; select 1")',
  ],
  [
    '',
    'if op.get_bind().execute(sa.text("select 1")).scalar():\n    op.execute("insert into t values (\'End of day\')")',
  ],
])('finds out that a revision cannot be transactional because of: %s', async (reason, body) => {
  const { source, close } = await bench.project({
    revisions: { 'a.py': revision('a', null, body).replace('    pass\n', '    op.execute("vacuum old")\n') },
  })
  const [step] = await source.planSteps([], ['a'], signal)
  expect(step).toMatchObject({ transactional: reason === '', reason })
  await close()
})

test('does not let a revision reach a database while it is only shown', async () => {
  const { host, port } = bench.sandbox.primary
  const { source, close } = await bench.project({
    revisions: {
      'a.py': revision(
        'a',
        null,
        `sa.create_engine("postgresql+psycopg://postgres@${host}:${port}/postgres").connect().execute(sa.text("create table leaked ()"))`,
      ),
    },
  })
  const [step] = await source.planSteps([], ['a'], signal)
  expect(step?.unrendered).toMatch(/^it opens a connection of its own/)
  expect(await bench.sandbox.query("select to_regclass('leaked') as found")).toEqual([{ found: null }])
  await close()
})

test.each([
  [
    'a missing import',
    revision('a', null, 'pass', { imports: 'import not_installed_anywhere.part' }),
    {
      file: 'migrations/versions/a.py',
      line: 4,
      missingModule: 'not_installed_anywhere',
      error: "ModuleNotFoundError: No module named 'not_installed_anywhere'",
    },
  ],
  [
    'a syntax error',
    'revision = "a"\ndown_revision = None\ndef upgrade(:\n',
    { file: 'migrations/versions/a.py', line: 3 },
  ],
  ['a parent that is not there', revision('a', 'zz', 'pass'), { error: expect.stringContaining('zz') }],
  [
    'a second revision of the name',
    revision('b', null, 'pass'),
    { error: expect.stringContaining('more than once') },
  ],
  ['a circle', revision('a', 'b', 'pass'), { error: expect.stringContaining('Cycle') }],
])('says where the project cannot be loaded because of %s', async (name, text, expected) => {
  const parent = name === 'a circle' ? 'a' : null
  const { source, close } = await bench.project({
    revisions: { 'a.py': text, 'b.py': revision('b', parent, 'pass') },
  })
  expect(await source.describe(signal).catch(toFailure)).toMatchObject({
    kind: 'source_failed',
    during: 'loading the revisions',
    ...expected,
  })
  await close()
})

test('sees a revision that was added, without a new process', async () => {
  const { source, project, close } = await bench.project({ revisions: threeRevisions })
  expect((await source.describe(signal)).heads).toEqual(['r3'])
  await project.write('migrations/versions/r4.py', revision('r4', 'r3', 'pass'))
  expect((await source.describe(signal)).heads).toEqual(['r4'])
  await close()
})

test('says that alembic.ini is missing or malformed', async () => {
  const { project, close } = await bench.project({ revisions: threeRevisions })
  const open = (iniFile: string) =>
    createAlembicSource({
      iniFile,
      interpreter,
      workers: 1,
      serverFor: () => ({ host: 'h', port: 1, user: 'u', password: null, tls: 'disable' }),
    })
  const iniFile = join(project.folder, 'none.ini')
  expect(await open(iniFile).describe(signal).catch(toFailure)).toEqual({
    kind: 'alembic_config_missing',
    file: iniFile,
  })
  await project.write('bad.ini', '[alembic]\nscript_location = migrations\nthis is nothing\n')
  const bad = open(join(project.folder, 'bad.ini'))
  expect(await bad.describe(signal).catch(toFailure)).toMatchObject({
    kind: 'source_failed',
    during: 'reading the configuration',
    file: 'bad.ini',
    line: 3,
  })
  await bad.close()
  await close()
})
