import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type DemoProjectOptions,
  writeDemoProject,
} from '../../../electron/adapters/embedded-postgres/write-demo-project.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('writes an Alembic project', async () => {
  expect(await write({ kind: 'alembic' })).toEqual([
    'alembic.ini',
    'migrations/env.py',
    'migrations/script.py.mako',
    'migrations/versions/0001_baseline.py',
    'migrations/versions/0002_billing.py',
    'migrations/versions/0003_refunds.py',
  ])
  expect(readFileSync(join(folder, 'migrations/script.py.mako'), 'utf8')).toMatch(/^"""\$\{message\}/)
  expect(readFileSync(join(folder, 'alembic.ini'), 'utf8')).toContain('script_location = %(here)s/migrations')
})

test('writes numbered SQL files', async () => {
  expect(await write({ kind: 'sql' })).toEqual([
    'migrations/0001_baseline.down.sql',
    'migrations/0001_baseline.up.sql',
    'migrations/0002_billing.down.sql',
    'migrations/0002_billing.up.sql',
    'migrations/0003_refunds.down.sql',
    'migrations/0003_refunds.up.sql',
  ])
})

test('gives the Alembic project a second head', async () => {
  await write({ kind: 'alembic', fault: 'two-heads' })
  const parents = readdirSync(join(folder, 'migrations/versions')).map(
    file =>
      /^down_revision.* = (.*)$/m.exec(readFileSync(join(folder, 'migrations/versions', file), 'utf8'))?.[1],
  )
  expect(parents).toEqual(['None', "'0001'", "'0002'", "'0002'"])
})

test('gives two SQL files one number', async () => {
  const files = await write({ kind: 'sql', fault: 'two-heads' })
  expect(files.filter(file => file.includes('/0003_') && file.endsWith('.up.sql'))).toHaveLength(2)
})

test.each([
  ['alembic', 'migrations/versions/0002_billing.py'],
  ['sql', 'migrations/0002_billing.up.sql'],
] as const)('edits an applied revision of the %s project, and nothing else', async (kind, edited) => {
  const files = await write({ kind })
  const before = files.map(read)
  await write({ kind, fault: 'edited-migration' })
  expect(files.filter((file, index) => read(file) !== before[index])).toEqual([edited])
})

async function write(options: Omit<DemoProjectOptions, 'folder'>): Promise<readonly string[]> {
  await writeDemoProject({ folder, ...options })
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}
