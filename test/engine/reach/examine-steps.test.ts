import { describe, expect, test } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import type { DatabaseCode } from '../../../electron/engine/ports/reach-facts.ts'
import { describeReach, examineSteps } from '../../../electron/engine/reach/examine-steps.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { step } from '../gates/fake-context.ts'

const parser = createSqlParser()
const noCode: DatabaseCode = {
  routines: [],
  triggers: [],
  eventTriggers: [],
  foreignTables: [],
  implicit: [],
  followers: [],
  extensions: [],
}
const plpgsql = (name: string, body: string) => ({ name, language: 'plpgsql', isTrusted: true, body })

function stepOf(statements: readonly string[], changes: Partial<PlannedStep> = {}): PlannedStep {
  return step('0002', { statements: statements.map(sql => ({ sql, tables: [] })), ...changes })
}

async function reachOf(statements: readonly string[], code = noCode, changes: Partial<PlannedStep> = {}) {
  const { farthest, obstacles } = await examineSteps([stepOf(statements, changes)], code, parser)
  return { scope: farthest?.reach.scope ?? null, said: farthest ? describeReach(farthest) : '', obstacles }
}

describe('what steps do beyond their database', () => {
  test('is seen in a statement, in a block, and in what a block executes', async () => {
    expect(await reachOf(['alter role app nologin'])).toMatchObject({
      scope: 'server',
      said: 'alter role app nologin (revision 0002) reaches beyond the database: it changes roles, which every database of the server shares',
    })
    const blocks = [
      'do $$ begin if true then create role reporting; end if; end $$',
      "do $$ begin execute 'grant reporting to app'; end $$",
      "do $$ begin execute format('create role %I', 'x'); end $$",
      'do language plpgsql $$ begin perform pg_reload_conf(); end $$',
    ]
    for (const sql of blocks) expect(await reachOf([sql])).toMatchObject({ scope: 'server' })
  })

  test('is unknown where SQL is made while it runs, and nothing where its words stand there', async () => {
    expect(await reachOf(['do $$ declare c text; begin execute c; end $$'])).toMatchObject({
      scope: 'unknown',
      said: 'execute c (revision 0002) may reach beyond the database: it runs SQL that is made while it runs',
    })
    expect(
      await reachOf(["do $$ begin execute format('grant select on %I to app', 't'); end $$"]),
    ).toMatchObject({ scope: null })
    expect(await reachOf(['do language plpython3u $$ print(1) $$'])).toMatchObject({ scope: 'unknown' })
  })

  test('is seen through functions of the database, of the route, and what they call in turn', async () => {
    const code = {
      ...noCode,
      routines: [
        plpgsql('outer_one', 'begin perform inner_one(); end'),
        plpgsql('inner_one', 'begin alter role app nologin; end'),
        plpgsql('harmless', 'begin return 1; end'),
      ],
    }
    expect(await reachOf(['select app.outer_one()'], code)).toMatchObject({
      scope: 'server',
      said: 'select app.outer_one() (revision 0002) reaches beyond the database: it calls outer_one(), which changes roles',
    })
    expect(await reachOf(['select harmless()'], code)).toMatchObject({ scope: null })
    const defined = 'create function leak() returns void language plpgsql as $$ begin create role x; end $$'
    expect(await reachOf([defined], code)).toMatchObject({ scope: null })
    expect(await reachOf([defined, 'select leak()'], code)).toMatchObject({ scope: 'server' })
    expect(await reachOf([defined, 'do $$ begin perform leak(); end $$'], code)).toMatchObject({
      scope: 'server',
    })
  })

  test('is seen in triggers of written tables and in event triggers', async () => {
    const code = {
      ...noCode,
      routines: [
        plpgsql('tell', "begin perform pg_notify('jobs', ''); return null; end"),
        plpgsql('on_ddl', 'begin create role x; end'),
      ],
      triggers: [{ table: 'public.orders', name: 'tell', routine: 'tell' }],
      eventTriggers: [{ name: 'on_ddl', routine: 'on_ddl' }],
    }
    expect(await reachOf(["update orders set note = 'x'"], code)).toEqual({
      scope: null,
      said: '',
      obstacles: [
        "0002: update orders set note = 'x': fires the trigger tell of public.orders, which runs tell(), which notifies",
      ],
    })
    expect(await reachOf(['select * from orders'], code)).toMatchObject({ scope: null, obstacles: [] })
    expect(await reachOf(['alter table orders add x int'], code)).toMatchObject({
      scope: 'server',
      said: expect.stringContaining('fires the event trigger on_ddl'),
    })
  })

  test('takes the farthest of several, and the network for farther than the server', async () => {
    expect(await reachOf(['create role a', "copy t to program 'x'"])).toMatchObject({ scope: 'outside' })
  })

  test('is looked for in the source of what cannot be shown', async () => {
    const hidden = { unrendered: 'it reads the database while it runs', sourceSql: ['ALTER ROLE '] }
    expect(await reachOf([], noCode, hidden)).toMatchObject({ scope: 'server' })
    expect(await reachOf([], noCode, { ...hidden, sourceSql: ['select 1'] })).toMatchObject({ scope: null })
    expect(await reachOf([], noCode, { unrendered: 'it reads', transactional: false })).toMatchObject({
      scope: 'unknown',
      said: 'revision 0002 may reach beyond the database: it cannot be shown beforehand, and is committed statement by statement',
    })
  })

  test('names a foreign table as what keeps the transaction from being prepared', async () => {
    const code = { ...noCode, foreignTables: ['public.plans'] }
    const sql = 'update orders set note = p.name from plans p'
    expect(await reachOf([sql], code)).toMatchObject({
      scope: null,
      obstacles: [`0002: ${sql}: touches the foreign table public.plans`],
    })
    expect(await reachOf([sql], code, { transactional: false })).toMatchObject({ scope: 'outside' })
  })
})
