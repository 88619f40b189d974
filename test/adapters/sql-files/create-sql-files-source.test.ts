import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { compareApplied, headsOf } from '../../../electron/adapters/sql-files/compare-applied.ts'
import { createSqlFilesSource } from '../../../electron/adapters/sql-files/create-sql-files-source.ts'
import { readFolder } from '../../../electron/adapters/sql-files/read-folder.ts'
import { renderApplied } from '../../../electron/adapters/sql-files/version-table.ts'
import { failureIn } from './failure-of.ts'
import { withProject, writeFiles } from './write-migrations.ts'

const parser = createSqlParser()
const never = new AbortController().signal

function sourceOf(projectFolder: string, folder = 'migrations') {
  return createSqlFilesSource({
    projectFolder,
    folder,
    parser,
    openSession: () => Promise.reject(new Error('no database here')),
    inspection: {
      statements: () => [],
      parse: () => ({ fingerprint: '', invalidIndexes: [], unvalidatedConstraints: [] }),
    },
  })
}

const three = {
  '0001_users.up.sql': 'create table users (id int);',
  '0001_users.down.sql': 'drop table users;',
  '0002_add_note.up.sql': '-- why\nalter table users add note text;\nupdate users set note = 1;',
  '0002_add_note.down.sql': 'alter table users drop note;',
  '0005_index.up.sql': 'create index concurrently users_note on users (note);',
}

describe('the graph of a folder', () => {
  it('is a line from the lowest number to the highest', async () => {
    await withProject(three, async folder => {
      const graph = await sourceOf(folder).describe(never)
      expect(graph).toMatchObject({ source: 'sql', bases: ['0001'], heads: ['0005'] })
      expect(graph.origin).toEqual({ folder: join(folder, 'migrations'), interpreter: null })
      expect(graph.revisions.map(({ id, parents, message, file }) => [id, parents, message, file])).toEqual([
        ['0001', [], 'users', 'migrations/0001_users.up.sql'],
        ['0002', ['0001'], 'add note', 'migrations/0002_add_note.up.sql'],
        ['0005', ['0002'], 'index', 'migrations/0005_index.up.sql'],
      ])
    })
  })

  it('has the same checksums whatever line ends and byte order mark Git or an editor made', async () => {
    const checksum = createHash('sha256').update('select 1;\nselect 2;\n').digest('hex')
    const files = {
      '1_lf.up.sql': 'select 1;\nselect 2;\n',
      '2_crlf.up.sql': 'select 1;\r\nselect 2;\r\n',
      '3_mark.up.sql': '\ufeffselect 1;\nselect 2;\n',
      '4_other.up.sql': 'select 1;\n select 2;\n',
    }
    await withProject(files, async folder => {
      const { revisions } = await sourceOf(folder).describe(never)
      expect(revisions.map(revision => revision.checksum === checksum)).toEqual([true, true, true, false])
    })
  })

  it.each([
    [
      'a folder without migrations',
      'migrations',
      'the folder holds no file with a name like 0001_add_users.up.sql',
    ],
    ['a folder that is not there', 'elsewhere', 'it does not exist'],
  ])('is refused for %s', async (_title, name, error) => {
    await withProject({ 'README.md': '' }, async folder => {
      expect(await failureIn(sourceOf(folder, name).describe(never))).toMatchObject({
        kind: 'source_failed',
        file: name,
        error,
      })
    })
  })

  it('is refused for a file that is not UTF-8', async () => {
    await withProject({ '1_a.up.sql': Uint8Array.of(0x27, 0xff) }, async folder => {
      expect(await failureIn(sourceOf(folder).describe(never))).toMatchObject({
        file: 'migrations/1_a.up.sql',
        error: 'the file is not UTF-8',
      })
    })
  })
})

describe('the steps of a route', () => {
  it('go up with statements, tables and what cannot run in a transaction', async () => {
    await withProject(three, async folder => {
      const steps = await sourceOf(folder).planSteps(['0001'], ['0005'], never)
      expect(steps).toMatchObject([
        {
          revision: '0002',
          message: 'add note',
          file: 'migrations/0002_add_note.up.sql',
          headsAfter: ['0002'],
          transactional: true,
          reason: '',
          statements: [
            { sql: 'alter table users add note text', tables: ['public.users'] },
            { sql: 'update users set note = 1', tables: ['public.users'] },
          ],
          unrendered: '',
        },
        {
          revision: '0005',
          headsAfter: ['0005'],
          transactional: false,
          reason: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
        },
      ])
    })
  })

  it('go down through the down files, to nothing in the end', async () => {
    await withProject(three, async folder => {
      const steps = await sourceOf(folder).planSteps(['0002'], [], never)
      expect(steps.map(step => [step.revision, step.file, step.headsAfter])).toEqual([
        ['0002', 'migrations/0002_add_note.down.sql', ['0001']],
        ['0001', 'migrations/0001_users.down.sql', []],
      ])
    })
  })

  it('are none where the tenant stands at the target', async () => {
    await withProject(three, async folder => {
      expect(await sourceOf(folder).planSteps(['0005'], ['0005'], never)).toEqual([])
    })
  })

  it('cannot go down where there is no down file, or to a revision that is not there', async () => {
    await withProject(three, async folder => {
      expect(await failureIn(sourceOf(folder).planSteps(['0005'], ['0001'], never))).toMatchObject({
        kind: 'source_failed',
        file: 'migrations/0005_index.up.sql',
        error: 'there is no down file for it',
      })
      expect(await failureIn(sourceOf(folder).planSteps([], ['0009'], never))).toMatchObject({
        kind: 'usage',
        problem: 'there is no revision 0009',
      })
    })
  })

  it('are read again each time, since a file may have been edited meanwhile', async () => {
    await withProject(three, async folder => {
      const source = sourceOf(folder)
      const before = await source.planSteps([], ['0001'], never)
      await writeFiles(folder, { '0001_users.up.sql': 'create table people (id int);' })
      const after = await source.planSteps([], ['0001'], never)
      expect(after[0]?.checksum).not.toBe(before[0]?.checksum)
    })
  })

  it('run outside of a transaction when the file says so', async () => {
    const files = {
      '1_a.up.sql': '-- A note.\n--  lockstep:  no-transaction \n\ninsert into t values (1); vacuum t',
      '2_b.up.sql': 'select 1;\n-- lockstep: no-transaction\n',
      '3_c.up.sql': '-- only a comment',
      '4_d.up.sql': 'create temp table t on commit drop as select 1; insert into u select * from t',
    }
    await withProject(files, async folder => {
      const steps = await sourceOf(folder).planSteps([], ['4'], never)
      expect(steps.map(step => [step.transactional, step.reason, step.statements.length])).toEqual([
        [false, 'VACUUM cannot run inside a transaction block', 2],
        [true, '', 1],
        [true, '', 0],
        [false, 'a transaction that touches a temporary table cannot be prepared', 2],
      ])
    })
  })

  it.each([
    [
      'COMMIT',
      'select 1;\n\ncommit;',
      3,
      'COMMIT controls the transaction itself, which is ours to do: remove it from the file',
    ],
    ['a savepoint', 'savepoint a', 1, /^SAVEPOINT controls/],
    ['what is not SQL', 'select 1;\nselect 1 frm x y;', 2, 'syntax error at or near "x" (column 14)'],
    ['a psql command', 'select 1;\n\\connect other\n', 2, /^syntax error at or near "\\" \(column 1\)$/],
    [
      'a mixture',
      'create table t (x int);\ncreate index concurrently i on t (x);',
      2,
      'CREATE INDEX CONCURRENTLY cannot run inside a transaction block, but the file also holds statements that belong into one: split it into two files',
    ],
    [
      'an unknown directive',
      '-- first\n-- lockstep: no-transactions\nselect 1',
      2,
      /unknown directive "no-transactions"/,
    ],
    ['an index without a name', 'create index concurrently on t (x)', 1, /needs a name/],
    [
      'several statements that cannot run again',
      'create index concurrently if not exists i on t (x);\ncreate index concurrently j on t (x);',
      2,
      /IF NOT EXISTS/,
    ],
  ])('are refused with file and line for %s', async (_title, sql, line, error) => {
    await withProject({ '1_a.up.sql': sql }, async folder => {
      expect(await failureIn(sourceOf(folder).planSteps([], ['1'], never))).toMatchObject({
        kind: 'source_failed',
        file: 'migrations/1_a.up.sql',
        line,
        error: typeof error === 'string' ? error : expect.stringMatching(error),
      })
    })
  })
})

describe('comparing a tenant with the folder', () => {
  const compare = (applied: readonly string[], edited = '') =>
    withProject(three, async folder => {
      const revisions = await readFolder({ projectFolder: folder, folder: join(folder, 'migrations') }, never)
      const rows = applied.map(revision => ({
        revision,
        name: '',
        checksum:
          revision === edited
            ? 'other'
            : (revisions.find(one => one.revision === revision)?.up.checksum ?? ''),
      }))
      await rm(join(folder, 'migrations'), { recursive: true })
      return compareApplied('birch', rows, revisions)
    })

  it('finds nothing wrong where the tenant holds the first files as they are', async () => {
    expect(await compare([])).toBeNull()
    expect(await compare(['0001', '0002'])).toBeNull()
  })

  it('finds a file that was edited after it was applied', async () => {
    expect(await compare(['0001', '0002'], '0001')).toMatchObject({
      kind: 'migration_edited',
      file: 'migrations/0001_users.up.sql',
      revision: '0001',
      tenant: 'birch',
      recorded: 'other',
    })
  })

  it('finds an applied revision that is gone', async () => {
    expect(await compare(['0001', '0003'])).toEqual({
      kind: 'revision_unknown',
      tenant: 'birch',
      revision: '0003',
    })
  })

  it('finds a file that slipped in below the tenant', async () => {
    expect(await compare(['0001', '0005'])).toMatchObject({
      kind: 'source_failed',
      file: 'migrations/0002_add_note.up.sql',
      error: 'birch has not applied it, but already holds 0005: give the file a higher number',
    })
  })

  it('takes the highest number for the head, and what is no number before all', () => {
    const rows = (...revisions: string[]) => revisions.map(revision => ({ revision, name: '', checksum: '' }))
    expect(headsOf([])).toEqual([])
    expect(headsOf(rows('9', '10', '0001'))).toEqual(['10'])
    expect(headsOf(rows('9', 'ae10f'))).toEqual(['ae10f'])
  })
})

it('renders the note of an applied revision with every quote and backslash escaped', () => {
  const table = { schema: 'public', name: 'my "versions"' }
  expect(renderApplied(table, { revision: '1', name: `o'neil\\`, checksum: 'c' })).toContain(
    `insert into "public"."my ""versions""" (revision, name, checksum, applied_at) values ('1',  E'o''neil\\\\', 'c', now())`,
  )
})
