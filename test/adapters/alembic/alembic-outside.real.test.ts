import { afterAll, beforeAll, describe, expect } from 'vitest'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, type AlembicCase, openBench, tenantOf } from './support/alembic-bench.ts'
import { revision, stockEnvironment } from './support/alembic-project.ts'

const test = needs('python')
const never = new AbortController().signal
let bench: AlembicBench

beforeAll(async () => {
  bench = await openBench(await pythonEnvironment())
  await bench.sandbox.query('create database copied')
  await bench.sandbox.query('create database other')
})
afterAll(() => bench?.close())

const makeTable = 'op.create_table("orders", sa.Column("id", sa.Integer))'
const makeRole = 'create role zz_own'

function place(database = 'postgres'): string {
  const { host, port } = bench.sandbox.primary
  return `host=${host} port=${port} user=postgres dbname=${database}`
}

function url(database: string): string {
  const { host, port } = bench.sandbox.primary
  return `postgresql+psycopg2://postgres@${host}:${port}/${database}`
}

/** Ways in which the body of a revision reaches the server past Alembic, and what is said of each. */
const ways: readonly (readonly [what: string, said: string, body: () => string])[] = [
  [
    'psycopg2',
    'opens a connection of its own: psycopg2.connect()',
    () => `import psycopg2
k = psycopg2.connect("${place()}")
k.autocommit = True
k.cursor().execute("${makeRole}")`,
  ],
  [
    'a name taken from psycopg2',
    'opens a connection of its own: psycopg2.connect()',
    () => `from psycopg2 import connect
k = connect("${place()}")
k.autocommit = True
k.cursor().execute("${makeRole}")`,
  ],
  [
    'the class of psycopg2',
    'opens a connection of its own: psycopg2.extensions.connection()',
    () => `from psycopg2.extensions import connection
k = connection("${place()}")
k.autocommit = True
k.cursor().execute("${makeRole}")`,
  ],
  [
    'a class of psycopg2.extras',
    'opens a connection of its own: a connection of psycopg2.extras',
    () => `from psycopg2.extras import LoggingConnection
LoggingConnection("${place()}").autocommit = True`,
  ],
  [
    'psycopg',
    'opens a connection of its own: psycopg.connect()',
    () => `from psycopg import connect
connect("${place()}", autocommit=True).execute("${makeRole}")`,
  ],
  [
    'psycopg, asynchronously',
    'opens a connection of its own: psycopg.connect()',
    () => `import asyncio, psycopg
async def work():
    k = await psycopg.AsyncConnection.connect("${place()}", autocommit=True)
    await k.execute("${makeRole}")
asyncio.run(work())`,
  ],
  [
    'asyncpg',
    'opens a connection of its own: asyncpg.connect()',
    () => `import asyncio, asyncpg
async def work():
    k = await asyncpg.connect(host="${bench.sandbox.primary.host}", port=${bench.sandbox.primary.port}, user="postgres", database="postgres")
    await k.execute("${makeRole}")
asyncio.run(work())`,
  ],
  [
    'a thread',
    'opens a connection of its own: psycopg2.connect()',
    () => `import threading, psycopg2
def work():
    k = psycopg2.connect("${place()}")
    k.autocommit = True
    k.cursor().execute("${makeRole}")
t = threading.Thread(target=work)
t.start()
t.join()`,
  ],
  [
    'a connection whose refusal is swallowed',
    'opens a connection of its own: psycopg2.connect()',
    () => `import psycopg2
try:
    k = psycopg2.connect("${place()}")
    k.autocommit = True
    k.cursor().execute("${makeRole}")
except Exception:
    pass`,
  ],
  [
    'a program',
    'runs a program of its own: psql',
    () => `import subprocess
subprocess.run(["psql", "${place()}", "-c", "${makeRole}"])`,
  ],
  [
    'a shell',
    'runs a program of its own: psql',
    () => `import os
os.system("psql '${place()}' -c '${makeRole}'")`,
  ],
  [
    'a socket',
    'opens a connection of its own: a socket to',
    () => `import socket
socket.create_connection(("${bench.sandbox.primary.host}", ${bench.sandbox.primary.port})).close()`,
  ],
  [
    'an engine',
    'opens a connection of its own',
    () => `k = sa.create_engine("${url('other')}").raw_connection()
k.cursor().execute("${makeRole}")
k.commit()`,
  ],
]

async function projectWith(body: string, environment?: string): Promise<AlembicCase> {
  return bench.project({
    revisions: { 'a.py': revision('a', null, `${body}\n${makeTable}`) },
    ...(environment ? { environment } : {}),
  })
}

async function countRoles(): Promise<number> {
  return (await bench.sandbox.query("select from pg_roles where rolname = 'zz_own'")).length
}

describe('what a revision does past its own connection', () => {
  let everyWay: AlembicCase
  beforeAll(async () => {
    // Each begins at nothing, so that one process shows and tries them all.
    const files = ways.map(([, , body], index) => [
      `w${index}.py`,
      revision(`w${index}`, null, `${body()}\n${makeTable}`),
    ])
    everyWay = await bench.project({ revisions: Object.fromEntries(files) })
  })

  test.each(ways.map(([what, said], index) => [what, said, `w${index}`] as const))(
    'is not done while it is shown or tried: %s',
    async (_what, said, target) => {
      const [step] = await everyWay.source.planSteps([], [target], never)
      expect(step?.unrendered).toContain(`it ${said}`)
      expect(step?.unrendered).toMatch(/\(line \d+\)$/)
      const { result } = await everyWay.migrate('copied', { isOnCopy: true, target: [target] })
      const failure = {
        kind: 'reaches_beyond',
        reach: expect.stringMatching(
          /^revision w\d+ (opens a connection|runs a program) of its own.* \(line \d+\)$/,
        ),
      }
      expect(result).toMatchObject({ status: 'rolled_back', failure })
      expect(await countRoles()).toBe(0)
      expect(await bench.sandbox.query("select from pg_tables where tablename = 'orders'", 'copied')).toEqual(
        [],
      )
    },
  )

  test('may be a session on the copy itself', async () => {
    const project = await projectWith(`import psycopg, psycopg2
psycopg2.connect("${place('copied')}").cursor().execute("select 1")
psycopg.connect("${place('copied')}").execute("select 1")
sa.create_engine("${url('copied')}").connect().execute(sa.text("select 1"))`)
    const { result } = await project.migrate('copied', { isOnCopy: true, transactional: true })
    expect(result).toMatchObject({ status: 'finished' })
    await bench.sandbox.query('drop table orders; drop table alembic_version', 'copied')
    await project.close()
  })

  test('is not refused in env.py, nor in a run', async () => {
    const environment = stockEnvironment.replace(
      'target_metadata = None',
      `target_metadata = None
import subprocess, sys, psycopg2
subprocess.check_call([sys.executable, "-c", "pass"])
psycopg2.connect("${place('other')}").close()`,
    )
    const project = await projectWith('pass', environment)
    expect((await project.source.planSteps([], ['a'], never))[0]?.unrendered).toBe('')
    expect(await project.source.readHeads(tenantOf('copied'), never)).toEqual([])
    expect((await project.migrate('copied', { isOnCopy: true })).result).toMatchObject({ status: 'finished' })
    await project.close()
    const [, , body] = ways[0] ?? ['', '', () => '']
    const running = await projectWith(body())
    expect((await running.migrate('other')).result).toMatchObject({ status: 'finished' })
    expect(await countRoles()).toBe(1)
    await bench.sandbox.query('drop role zz_own')
    await running.close()
  })

  test('is refused by name while a revision is only loaded', async () => {
    const source = revision('a', null, 'pass')
    const [, , body] = ways[0] ?? ['', '', () => '']
    const project = await bench.project({ revisions: { 'a.py': `${source}\n${body()}\n` } })
    await expect(project.source.describe(never)).rejects.toMatchObject({
      failure: {
        kind: 'source_failed',
        during: 'loading the revisions',
        error: expect.stringContaining('opens a connection of its own: psycopg2.connect()'),
        file: 'migrations/versions/a.py',
      },
    })
    expect(await countRoles()).toBe(0)
    await project.close()
  })
})
