import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createSqlFilesSource } from '../../../electron/adapters/sql-files/create-sql-files-source.ts'
import { findForeignFile } from '../../../electron/adapters/sql-files/find-directions.ts'
import { refuseForeignMigrations } from '../../../electron/host/discovery/refuse-foreign-migrations.ts'
import { failureIn } from './failure-of.ts'
import { withProject, writeFiles } from './write-migrations.ts'

const never = new AbortController().signal

const up = 'create index orders_note on orders (note);'
const down = 'alter table orders drop column note;'
const both = (upMarker: string, downMarker: string): string => [upMarker, up, downMarker, down, ''].join('\n')

describe('a file that keeps both directions', () => {
  it.each([
    ['dbmate', '-- migrate:up', '-- migrate:down'],
    ['dbmate', '--migrate:up transaction:false', '--\tMIGRATE: DOWN'],
    ['dbmate', '  -- Migrate : Up', '  -- migrate:down transaction:false'],
    ['goose', '-- +goose Up', '-- +goose Down'],
    ['goose', '--+goose up\n-- +goose StatementBegin', '-- +GOOSE DOWN'],
    ['sql-migrate', '-- +migrate Up', '-- +migrate Down'],
    ['sql-migrate', '-- +migrate Up notransaction', '--  +migrate   Down'],
    ['micrate', '-- +micrate Up', '-- +micrate Down'],
    ['rambler', '-- rambler up', '-- rambler down'],
    ['Liquibase', '--liquibase formatted sql\n--changeset ann:1', '--rollback drop index orders_note;'],
    ['Liquibase', '-- changeset ann:note splitStatements:false', '-- rollback'],
    ['MyBatis Migrations (or dbdeploy)', '-- // add a note', '-- //@UNDO'],
    ['MyBatis Migrations (or dbdeploy)', '', '--//@UNDO'],
    ['MyBatis Migrations (or dbdeploy)', '', '-- @undo'],
    ['Play (evolutions)', '# --- !Ups', '# --- !Downs'],
    ['Play (evolutions)', '-- !Ups', '-- !Downs'],
    ['Play (evolutions)', '--- !Ups', '--- !Downs'],
    ['tern', '', '---- create above / drop below ----'],
    ['node-pg-migrate', '-- Up Migration', '-- Down Migration'],
    ['shmig', '-- ==== UP ====', '-- ==== DOWN ===='],
    [null, '-- +up', '-- +down'],
    [null, '-- UP', '-- DOWN'],
    [null, '--@up', '--@down'],
    [null, '-- acme:upgrade', '-- acme:downgrade'],
    [null, '-- [acme] apply', '-- [acme] revert'],
    [null, '-- migrateUp', '-- migrateDown'],
    [null, '-- >>> do', '-- >>> undo'],
  ])('is known by its markers: %s, %s', (tool, upMarker, downMarker) => {
    const text = both(upMarker, downMarker)
    const line = text.split('\n').indexOf(down)
    expect(findForeignFile(text)).toMatchObject({ tool, line })
    expect(findForeignFile(text.replaceAll('\n', '\r\n'))).toMatchObject({ tool, line })
    expect(findForeignFile(text.replaceAll('\n', '\r'))).toMatchObject({ tool, line })
    // The order of the directions is the tool's own.
    expect(findForeignFile(both(downMarker, upMarker))).toMatchObject({ tool })
  })

  it('is also known where it only has one of them, or only says how statements are cut', () => {
    expect(findForeignFile('-- migrate:down\ndrop table t;')).toMatchObject({ tool: 'dbmate', line: 1 })
    expect(findForeignFile('-- migrate:up\ncreate table t ();')).toMatchObject({ tool: 'dbmate' })
    expect(findForeignFile('select 1;\n-- +goose StatementBegin\nselect 2;')).toMatchObject({ line: 2 })
    expect(findForeignFile('-- atlas:txtar\n-- migration.sql --\nselect 1')).toMatchObject({ tool: 'Atlas' })
  })

  it.each([
    ['in a block comment', both('/*\n-- migrate:up\n*/', '/* nested /* */\n-- migrate:down\n*/')],
    ['in a string', both("insert into t values ('\n-- migrate:up\n');", "select '\n-- migrate:down\n';")],
    ['in a string with escapes', "select E'it\\'s\n-- migrate:down\n';"],
    ['in a quoted name', 'select 1 as "\n-- +goose Down\n"'],
    [
      'in a function body',
      both('do $x$ begin\n-- +migrate Up\nend $x$;', 'do $$ begin\n-- +migrate Down\nend $$;'),
    ],
    ['behind a statement', 'select 1; -- migrate:up\nselect 2; -- migrate:down'],
    ['that only begins like one', both('-- migrate:upwards of ten rows', '-- migrations go down well')],
    ['of a sentence', both('-- speed up the search', '-- the price goes down')],
    ['of another pair', both('-- clean up', '-- tear down')],
    [
      'a rollback in comments',
      '-- Migration\ncreate table t ();\n-- Rollback\n-- drop table t;\n/* drop it */',
    ],
    ['a rollback of Liquibase alone', 'create table t ();\n-- rollback drop table t;'],
  ])('is not seen in what is no marker: %s', (_title, text) => {
    expect(findForeignFile(text)).toBeNull()
  })

  it('is found behind quotes and bodies that hold anything', () => {
    const before = `select E'\\'', 'it''s', "a""b", $a$ $b$ ' -- $a$, a$b$ from t; /* ' /* " */ $$ */ select $1$2;\n`
    expect(findForeignFile(`${before}-- migrate:down\n`)).toMatchObject({ line: 2 })
  })
})

function sourceOf(projectFolder: string) {
  return createSqlFilesSource({
    projectFolder,
    folder: 'migrations',
    parser: createSqlParser(),
    openSession: () => Promise.reject(new Error('no database here')),
    inspection: {
      statements: () => [],
      parse: () => ({ fingerprint: '', invalidIndexes: [], unvalidatedConstraints: [] }),
    },
  })
}

describe('a folder of another tool', () => {
  const text = both('-- migrate:up', '-- migrate:down')
  const refusal = {
    kind: 'source_failed',
    file: 'migrations/20251001120000_invoices.sql',
    line: 3,
    error:
      'it is a file of dbmate, which keeps both directions in one file (-- migrate:down): run as it is, what it takes back would be run as well. Put what goes up into 20251001120000_invoices.up.sql and what goes down into 20251001120000_invoices.down.sql, without the markers',
  }

  it('is refused with tool, file and line under its own names, before anybody is told to rename anything', async () => {
    await withProject({ '20251001120000_invoices.sql': text }, async folder => {
      expect(await failureIn(sourceOf(folder).describe(never))).toEqual({
        ...refusal,
        during: 'reading a migration',
      })
      expect(await failureIn(sourceOf(folder).planSteps([], ['20251001120000'], never))).toMatchObject(
        refusal,
      )
    })
  })

  it.each(['0001_invoices.up.sql', '0001_invoices.down.sql', 'V1__invoices.SQL'])(
    'is refused under whatever name: %s',
    async name => {
      const files = { '0001_invoices.up.sql': 'select 1', [name]: `\ufeff${text.replaceAll('\n', '\r\n')}` }
      await withProject(files, async folder => {
        expect(await failureIn(sourceOf(folder).describe(never))).toMatchObject({
          kind: 'source_failed',
          file: `migrations/${name}`,
          line: 3,
          error: expect.stringContaining('dbmate'),
        })
      })
    },
  )

  it('is refused where a first lockstep.yml would name it, or would not see it at all', async () => {
    await withProject({ '20251001120000_invoices.sql': text }, async folder => {
      expect(await failureIn(refuseForeignMigrations(folder, null, never))).toMatchObject(refusal)
      const chosen = { service: null, kind: 'sql', path: 'migrations', interpreter: null } as const
      expect(await failureIn(refuseForeignMigrations(folder, chosen, never))).toMatchObject(refusal)
      const alembic = { ...chosen, kind: 'alembic', path: 'alembic.ini' } as const
      await refuseForeignMigrations(folder, alembic, never)
      await writeFiles(folder, { '20251001120000_invoices.sql': 'select 1' })
      await refuseForeignMigrations(join(folder), null, never)
    })
  })
})
