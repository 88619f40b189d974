import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import { readSqlRevisions } from '../../../electron/adapters/embedded-postgres/sql-revisions.ts'
import {
  writeDemoProject,
  writeNextRevision,
} from '../../../electron/adapters/embedded-postgres/write-demo-project.ts'
import { readFingerprint } from '../../../electron/adapters/postgres/catalog/fingerprint.ts'
import { createFingerprintMemory } from '../../../electron/adapters/postgres/catalog/fingerprint-memory.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'

const test = needs('python', 'oldest python')

let sandbox: TestSandbox
let close: () => Promise<void>
let folder: string
beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
})
afterAll(async () => {
  await close()
  rmSync(folder, { recursive: true })
})

const totals =
  'select count(*)::int as orders, sum(total_cents)::text as cents, min(total_cents) > 0 as filled from orders'
const revisions = readSqlRevisions()

test('comes back to the same schema from every revision as SQL', async () => {
  await sandbox.query('create database round_trip')
  const before: unknown[] = []
  for (const revision of revisions) {
    before.push(await readItems('round_trip'))
    await sandbox.query(revision.up, 'round_trip')
  }
  for (const revision of revisions.toReversed()) {
    await sandbox.query(revision.down, 'round_trip')
    expect(await readItems('round_trip')).toEqual(before.pop())
  }
})

test.each([
  ['newest', 'postgresql+psycopg'],
  ['oldest', 'postgresql+psycopg2'],
] as const)(
  'has the same schema at every revision with the %s Alembic as with SQL',
  async (which, dialect) => {
    const interpreter = await pythonEnvironment(which)
    const [sql, python] = [`${which}_sql`, `${which}_alembic`]
    await sandbox.query(`create database ${sql}`)
    await sandbox.query(`create database ${python}`)
    const project = join(folder, which)
    await writeDemoProject({ folder: project, kind: 'alembic' })
    await writeNextRevision(project, 'alembic')
    const url = `${dialect}://postgres@127.0.0.1:${sandbox.primary.port}/${python}`
    setUrl(join(project, 'alembic.ini'), url)
    const alembic = (...args: string[]) =>
      promisify(execFile)(interpreter, ['-m', 'alembic', ...args], { cwd: project })

    const sqlItems: unknown[] = [await readItems(sql)]
    for (const revision of revisions) {
      await sandbox.query(revision.up, sql)
      sqlItems.push(await readItems(sql))
      await alembic('upgrade', revision.revision)
      expect(await readItems(python)).toEqual(sqlItems.at(-1))
      // Rows, so that the data step of the last revision has work to do.
      for (const database of [sql, python]) await sandbox.query(revision.rows, database)
    }
    const [filled] = await sandbox.query(totals, python)
    expect(filled).toMatchObject({ orders: 4000, filled: true })
    expect(await sandbox.query(totals, sql)).toEqual([filled])
    for (const _ of revisions) {
      sqlItems.pop()
      await alembic('downgrade', '-1')
      expect(await readItems(python)).toEqual(sqlItems.at(-1))
    }
  },
  300_000,
)

async function readItems(database: string): Promise<readonly string[]> {
  const settings = {
    name: 'primary',
    cluster: 'main',
    declaredRole: 'primary',
    host: sandbox.primary.host,
    port: sandbox.primary.port,
    user: 'postgres',
    password: null,
    maintenanceDatabase: 'postgres',
    tls: 'disable',
  } as const
  const tenant = { name: database, cluster: 'main', database, appRole: null }
  const { items } = await readFingerprint(
    settings,
    tenant,
    createFingerprintMemory(),
    AbortSignal.timeout(20_000),
  )
  return items
    .map(item => JSON.stringify(item))
    .filter(item => !item.includes('alembic_version'))
    .sort()
}

function setUrl(file: string, url: string): void {
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/^sqlalchemy\.url = .*$/m, `sqlalchemy.url = ${url}`),
  )
}
