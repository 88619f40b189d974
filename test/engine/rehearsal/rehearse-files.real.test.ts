import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { Rehearsal, RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import {
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
  type Settings,
} from '../../support/engine-fixture.ts'

let fixture: EngineFixture

beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

/** A plan is known by its gates, too: what is rehearsed and what is run must agree. */
const settings: Settings = {
  gates: { replica_lag: { requireStandbys: false } },
  waivers: [{ gate: 'tenant_isolation', reason: 'these tenants share their only login' }],
}
const up = 'alter table users add constraint users_email_key unique (email);'
const down = 'alter table users drop constraint users_email_key;'

function foresee(more: Settings = {}, signal = never): Promise<PlanAnalysis> {
  return fixture.withPorts(
    async (ports, project) => {
      const request = { target: [], tenants: [], rehearse: 'anew' as const }
      return (await previewPlan(project, ports, request, signal)).analysis
    },
    { ...settings, ...more },
  )
}

async function rehearse(files: Readonly<Record<string, string>>, more: Settings = {}): Promise<Rehearsal> {
  fixture.addMigrations(files)
  const { rehearsal, notRehearsed } = await foresee(more)
  if (!rehearsal) throw new Error(notRehearsed)
  return rehearsal
}

function onlyRoute({ routes }: Rehearsal): RouteRehearsal {
  const [route] = routes
  if (!route || routes.length > 1) throw new Error(`${routes.length} routes`)
  return route
}

async function copies(): Promise<readonly unknown[]> {
  const rows = await fixture.sandbox.query("select datname from pg_database where datname like 'lockstep%'")
  return rows.map(row => row.datname)
}

describe('a rehearsal of SQL files', () => {
  test('runs on a copy of one tenant of each class, traces each statement and leaves nothing behind', async () => {
    const before = await fixture.read()
    const rehearsal = await rehearse({ '0002_email.up.sql': up, '0002_email.down.sql': down })
    expect(rehearsal.shadow).toEqual({
      kind: 'template',
      data: 'full',
      server: 'primary',
      why: 'no session is connected to the database: a copy of it has all data',
    })
    const route = onlyRoute(rehearsal)
    expect(route).toMatchObject({ representative: 'acorn', tenants: ['acorn', 'birch'], problem: null })
    expect(route.statements).toMatchObject([
      {
        revision: '0002',
        index: 0,
        transactional: true,
        locks: expect.arrayContaining([
          { relation: 'public.users', kind: 'r', mode: 'AccessExclusiveLock', isNew: true },
        ]),
        scans: expect.arrayContaining([{ relation: 'public.users', rows: 2 }]),
      },
    ])
    expect(await copies()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  test('knows the schema that the real run ends in', async () => {
    const route = onlyRoute(
      await rehearse({
        '0002_email.up.sql': 'alter table users add phone text;',
        '0002_email.down.sql': 'alter table users drop phone;',
      }),
    )
    const run = await fixture.run({ gates: null, settings })
    expect(run.outcome).toBe('migrated')
    const after = await fixture.read()
    expect(after.acorn?.fingerprint).toBe(route.endFingerprint)
    const verdicts = Object.fromEntries(
      eventsOf(run.events, 'gate.judged').map(({ gate, answer }) => [gate, answer.verdict]),
    )
    expect(verdicts).toMatchObject({
      lock_budget: 'passed',
      rewrite: 'passed',
      expected_fingerprint: 'passed',
      reversible: 'passed',
      replay_conflict: 'not_applicable',
    })
  })

  test('rehearses tenants apart that do not start from the same schema', async () => {
    await fixture.sandbox.query('create index users_by_email on users (email)', 'birch')
    const { routes } = await rehearse({ '0002_email.up.sql': up, '0002_email.down.sql': down })
    expect(routes.map(route => route.tenants)).toEqual([['acorn'], ['birch']])
    expect(new Set(routes.map(route => route.endFingerprint)).size).toBe(2)
  })

  test('says why a migration fails on the copy, and stops the run that would meet the same', async () => {
    await fixture.sandbox.query("insert into users values (3, 'ada@example.org')", 'acorn')
    const route = onlyRoute(await rehearse({}))
    expect(route).toMatchObject({ endFingerprint: null, reversibility: { verdict: 'not_tried' } })
    expect(route.problem).toContain('users_email_key')
    const run = await fixture.run({ gates: null, settings })
    expect(run).toMatchObject({ outcome: 'stopped_by_gate', exitCode: 3 })
    // What is mended is rehearsed again, although the plan is the same.
    await fixture.sandbox.query('delete from users where id = 3', 'acorn')
    expect(onlyRoute(await rehearse({})).problem).toBeNull()
  })

  test('follows statements outside a transaction, too', async () => {
    const route = onlyRoute(
      await rehearse({
        '0002_email.up.sql': 'create index concurrently users_by_email on users (email);',
        '0002_email.down.sql': 'drop index concurrently users_by_email;',
      }),
    )
    expect(route).toMatchObject({ problem: null, reversibility: { verdict: 'lossless' } })
    expect(route.statements).toMatchObject([
      {
        transactional: false,
        locks: expect.arrayContaining([
          expect.objectContaining({ relation: 'public.users', mode: 'ShareUpdateExclusiveLock' }),
        ]),
      },
    ])
  })

  test('gives up when the time is over, and leaves nothing behind', async () => {
    fixture.addMigrations({ '0002_email.up.sql': 'select pg_sleep(60);' })
    const { rehearsal } = await foresee({ rehearsal: { timeoutSeconds: 1 } })
    expect(rehearsal?.routes[0]?.problem).toBe('not finished within 1 s (rehearsal.timeoutSeconds)')
    expect(await copies()).toEqual([])
  })

  test('drops the copy when somebody stops it', async () => {
    fixture.addMigrations({ '0002_email.up.sql': 'select pg_sleep(60);' })
    const stop = new AbortController()
    const foreseen = foresee({}, stop.signal)
    foreseen.catch(() => undefined)
    await expect
      .poll(
        () =>
          fixture.sandbox.query(
            "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
          ),
        {
          timeout: 10_000,
        },
      )
      .toHaveLength(1)
    stop.abort()
    await expect(foreseen).rejects.toThrow()
    expect(await copies()).toEqual([])
  })

  test('drops what a killed rehearsal has left, and never takes it for a tenant', async () => {
    await fixture.sandbox.query('create database lockstep_shadow_0123456789ab template acorn')
    const databases = await fixture.withPorts(({ servers }) => servers.listDatabases('primary', never))
    expect(databases).not.toContain('lockstep_shadow_0123456789ab')
    await rehearse({ '0002_email.up.sql': up, '0002_email.down.sql': down })
    expect(await copies()).toEqual([])
  })

  test('leaves a copy alone that another rehearsal keeps', async () => {
    await fixture.sandbox.query('create database lockstep_shadow_0123456789ab template acorn')
    const keeper = await fixture.sandbox.connect()
    await keeper.query("set application_name = 'lockstep keeps lockstep_shadow_0123456789ab'")
    await rehearse({ '0002_email.up.sql': up, '0002_email.down.sql': down })
    expect(await copies()).toEqual(['lockstep_shadow_0123456789ab'])
    await keeper.end()
    await fixture.sandbox.query('drop database lockstep_shadow_0123456789ab')
  })

  test('gives the copy the settings of the database', async () => {
    await fixture.sandbox.query(`alter database acorn set search_path = shop, public`)
    const route = onlyRoute(
      await rehearse({
        '0002_email.up.sql': 'create schema shop; create table orders (id int);',
        '0002_email.down.sql': 'drop table shop.orders; drop schema shop;',
      }),
    )
    expect(route).toMatchObject({ problem: null, reversibility: { verdict: 'lossless' } })
  })
})

test('rehearses a tenant that is a schema in its own schema, by the names of the plan', async () => {
  await fixture.sandbox.query(
    'drop table users, lockstep_version; create schema one; create schema two',
    'acorn',
  )
  const files = {
    '0001_users.down.sql': 'drop table users;',
    '0002_email.up.sql': up,
    '0002_email.down.sql': down,
  }
  const schemas = { tenants: { databases: 'acorn', schemas: ['one', 'two'] }, groups: [] }
  const first = onlyRoute(await rehearse(files, schemas))
  expect(first).toMatchObject({ tenants: ['one', 'two'], problem: null })
  expect(first.reversibility.verdict).toBe('lossless')
  expect((await fixture.run({ gates: null, settings: { ...settings, ...schemas } })).outcome).toBe('migrated')
  const phone = {
    '0003_phone.up.sql': 'alter table users add phone text;',
    '0003_phone.down.sql': 'alter table users drop phone;',
  }
  const second = onlyRoute(await rehearse(phone, schemas))
  expect(second.statements[0]?.locks).toContainEqual({
    relation: 'public.users',
    kind: 'r',
    mode: 'AccessExclusiveLock',
    isNew: true,
  })
  expect(second.reversibility).toMatchObject({ verdict: 'lossless' })
  expect(await copies()).toEqual([])
})

describe('the downgrade', () => {
  const judge = async (upText: string, downText: string, settings: Settings = {}) =>
    onlyRoute(await rehearse({ '0002_email.up.sql': upText, '0002_email.down.sql': downText }, settings))
      .reversibility

  test('is lossless where every value comes back', async () => {
    expect(await judge('alter table users add phone text;', 'alter table users drop phone;')).toMatchObject({
      verdict: 'lossless',
      evidence: [
        'up, down and up again end in the same schemas',
        '2 tables with 3 rows came back with every value',
      ],
    })
  })

  test('is lossy where a column comes back empty', async () => {
    expect(await judge('alter table users drop email;', 'alter table users add email text;')).toMatchObject({
      verdict: 'lossy',
      evidence: [
        'up, down and up again end in the same schemas',
        'public.users.email is dropped and added again: 2 values before, 0 after',
      ],
    })
  })

  test('is lossy where rows or values change', async () => {
    expect(await judge("update users set email = 'nobody';", 'select 1;')).toMatchObject({
      verdict: 'lossy',
      evidence: expect.arrayContaining(['public.users.email: other values than before']),
    })
    expect(await judge('delete from users where id = 1;', 'select 1;')).toMatchObject({
      verdict: 'lossy',
      evidence: expect.arrayContaining(['public.users: 2 rows before, 1 after']),
    })
  })

  test('is none without a downgrade, with one that fails, and with one that ends elsewhere', async () => {
    expect(await judge(up, 'select 1/0;')).toMatchObject({
      verdict: 'impossible',
      evidence: [expect.stringMatching(/^the downgrade fails: .*division by zero/)],
    })
    expect(await judge(up, 'select 1;')).toMatchObject({
      verdict: 'impossible',
      evidence: [expect.stringMatching(/^the downgrade ends in another schema: .*users_email_key/)],
    })
  })

  test('is not tried where the configuration says so', async () => {
    expect(await judge(up, down, { rehearsal: { reverse: false } })).toMatchObject({ verdict: 'not_tried' })
  })

  test('goes down to an empty database, too', async () => {
    for (const tenant of fixture.tenants) {
      await fixture.sandbox.query(`drop database ${tenant} with (force)`)
      await fixture.sandbox.query(`create database ${tenant}`)
    }
    const rehearsal = await rehearse({
      '0001_users.down.sql': 'drop table users;',
      '0002_email.up.sql': up,
      '0002_email.down.sql': down,
    })
    expect(onlyRoute(rehearsal)).toMatchObject({
      route: 'from-empty',
      problem: null,
      reversibility: { verdict: 'lossless' },
    })
  })
})

describe('the expected schema', () => {
  test('lets no tenant vote that ends elsewhere than its copy did', async () => {
    // What a trigger of the server does depends on the database, which no plan can see.
    const files = {
      '0002_email.up.sql': `do $$ begin
        alter table users add phone text;
        if current_database() not like 'lockstep_shadow_%' then alter table users add fax text; end if;
      end $$;`,
      '0002_email.down.sql': 'alter table users drop phone;',
    }
    const before = await fixture.read()
    await rehearse(files)
    const run = await fixture.run({ gates: null, settings })
    expect(run).toMatchObject({ outcome: 'rolled_back', failure: { kind: 'inspection_failed' } })
    expect(run.failure).toMatchObject({
      problem: 'the tenant ends in another schema than the rehearsal did',
      evidence: [expect.stringMatching(/^the copy of acorn ends in [0-9a-f]{12}$/), expect.anything()],
    })
    expect(await fixture.read()).toEqual(before)
  })

  test('is asked of tenants that commit alone, too', async () => {
    const files = {
      '0002_email.up.sql': `do $$ begin
        if current_database() like 'lockstep_shadow_%' then alter table users add phone text; end if;
      end $$;`,
    }
    const alone = { ...settings, groups: [{ name: 'all', tenants: '*', mode: 'independent' }] }
    await rehearse(files, alone)
    const run = await fixture.run({ gates: null, settings: alone })
    expect(run.failure).toMatchObject({
      problem: 'the tenant ends in another schema than the rehearsal did',
    })
  })
})
