import { afterAll, beforeAll, expect } from 'vitest'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench } from './support/alembic-bench.ts'
import { revision } from './support/alembic-project.ts'

const test = needs('python')

let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
})
afterAll(() => bench?.close())

const body = `op.execute("create table t (n int)")
connection = op.get_bind()
last = connection.execute(sa.text("select 3")).scalar_one()
for n in range(last):
    connection.execute(
        sa.text("insert into t values (:n)"),
        {"n": n},
    )
op.execute("-- a comment\\ndrop table t")`

test('says on which line each statement of a traced migration begins, also where it reads the database', async () => {
  const source = revision('r1', null, body)
  const { migrate, source: alembic, close } = await bench.project({ revisions: { 'r1.py': source } })
  const [step] = await alembic.planSteps([], ['r1'], new AbortController().signal)
  expect(step).toMatchObject({ unrendered: expect.stringContaining('reads the database') })
  await bench.sandbox.query('create database traced')
  const trace = [{ name: 'now', sql: 'select 1 as one' }]
  const lines = source.split('\n')
  const { result, statements } = await migrate('traced', { trace })
  expect(result.status).toBe('finished')
  expect(statements.map(({ line = 0 }) => lines[line - 1]?.trim())).toEqual([
    'op.execute("create table t (n int)")',
    'last = connection.execute(sa.text("select 3")).scalar_one()',
    'connection.execute(',
    'connection.execute(',
    'connection.execute(',
    'op.execute("-- a comment\\ndrop table t")',
  ])
  await bench.sandbox.query('create database untraced')
  const plain = await migrate('untraced')
  expect(plain.statements.filter(statement => statement.line !== undefined)).toEqual([])
  await close()
}, 60_000)

test('shows a statement that begins with a comment, and a COMMIT of its own, but not those of autocommit_block()', async () => {
  const source = revision(
    'r2',
    null,
    `op.execute("-- why\\ncreate table u (n int)")
op.execute("COMMIT")
with op.get_context().autocommit_block():
    op.create_index("u_n", "u", ["n"], postgresql_concurrently=True)`,
  )
  const { source: alembic, close } = await bench.project({ revisions: { 'r2.py': source } })
  const [step] = await alembic.planSteps([], ['r2'], new AbortController().signal)
  expect(step?.statements.map(({ sql }) => sql)).toEqual([
    '-- why\ncreate table u (n int)',
    'COMMIT',
    'CREATE INDEX CONCURRENTLY u_n ON u (n)',
  ])
  await close()
}, 60_000)
