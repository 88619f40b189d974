import { chownSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import type { EnginePorts } from '../../../electron/engine/ports/engine-ports.ts'
import type { Shadow, ShadowRequest } from '../../../electron/engine/ports/shadows.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import {
  describeTenant,
  EngineFixture,
  never,
  openEngineFixture,
  type Settings,
} from '../../support/engine-fixture.ts'
import { needs } from '../../support/needs.ts'
import { serverOf } from '../../support/postgres-versions.ts'
import { withSmallDisk } from '../../support/small-disk.ts'

const tenant = describeTenant('acorn')

/** What is asked of a copy while it is there. */
interface Look {
  readonly shadow: Shadow
  readonly ports: EnginePorts
}

async function withCopy<T>(
  fixture: EngineFixture,
  request: Partial<ShadowRequest>,
  look: (look: Look) => Promise<T>,
  settings: Settings = {},
): Promise<T> {
  return await fixture.withPorts(
    ports =>
      ports.shadows.withShadow(
        { tenant, where: 'auto', data: 'schema', onLeft: () => undefined, ...request },
        shadow => look({ shadow, ports }),
        never,
      ),
    settings,
  )
}

/** Whether the copy has the schema of the tenant, and what it holds. */
async function compare({ shadow, ports }: Look) {
  const [copy, original] = await Promise.all([
    ports.servers.fingerprint(shadow.server, shadow.tenant, never),
    ports.servers.fingerprint('primary', tenant, never),
  ])
  const contents = await shadow.readContents(never)
  const { why, ...description } = shadow.description
  return {
    ...description,
    why,
    isEqual: copy.hash === original.hash,
    heads: await ports.source.readHeads(shadow.tenant, never),
    users: contents.find(table => table.table === 'public.users')?.rows,
  }
}

async function triedWays(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  )
  if (!(error instanceof LockstepError) || error.failure.kind !== 'shadow_failed') throw error
  return error.failure.tried.map(({ how, outcome }) => `${how}: ${outcome}`)
}

async function leftovers(fixture: EngineFixture): Promise<number> {
  return (await fixture.sandbox.query("select 1 from pg_database where datname like 'lockstep%'")).length
}

describe('a copy of a tenant of PostgreSQL 18', () => {
  let fixture: EngineFixture
  beforeAll(async () => {
    fixture = await openEngineFixture({ tenants: ['acorn'] })
  })
  afterAll(() => fixture?.close())
  beforeEach(() => fixture.reset())

  test('is a copy of the database where nobody is connected, with all data whatever was asked for', async () => {
    const seen = await withCopy(fixture, {}, compare)
    expect(seen).toMatchObject({
      kind: 'template',
      data: 'full',
      server: 'primary',
      isEqual: true,
      heads: ['0001'],
      users: 2,
    })
    expect(await leftovers(fixture)).toBe(0)
  })

  test('lies in a server of our own where somebody is connected and no dump is to be had', async () => {
    const session = await fixture.sandbox.connect('acorn')
    await session.query("set application_name = 'shop'")
    const seen = await withCopy(fixture, {}, compare)
    expect(seen).toMatchObject({
      kind: 'sandbox',
      data: 'schema',
      server: 'sandbox',
      isEqual: true,
      heads: ['0001'],
    })
    expect(seen.why).toContain('no copy of the database: a session is connected to the database (shop)')
    await session.end()
    expect(await leftovers(fixture)).toBe(0)
  })

  test('lies in a server of our own where the role may not create databases, and says so', async () => {
    await fixture.sandbox.query(
      `drop role if exists modest; create role modest login; grant pg_monitor to modest;
       alter database acorn owner to modest`,
    )
    await fixture.sandbox.query(
      'alter table users owner to modest; alter table lockstep_version owner to modest',
      'acorn',
    )
    const { host, port } = fixture.sandbox.primary
    const servers = [{ name: 'primary', host, port, user: 'modest' }]
    const seen = await withCopy(fixture, {}, compare, { servers })
    expect(seen).toMatchObject({ kind: 'sandbox', server: 'sandbox', heads: ['0001'] })
    expect(seen.why).toContain('no copy of the database: the role may not create databases (createdb)')
    expect(await triedWays(withCopy(fixture, { where: 'server' }, compare, { servers }))).toEqual([
      'copy of the database: the role may not create databases (createdb)',
      'schema dump beside it: the role may not create databases (createdb)',
    ])
  })

  test('is refused with everything that was tried', async () => {
    await fixture.sandbox.query('create table by_hand (id int)', 'acorn')
    const session = await fixture.sandbox.connect('acorn')
    const tried = await triedWays(withCopy(fixture, {}, compare))
    await session.end()
    expect(tried).toHaveLength(4)
    expect(tried[0]).toMatch(/^copy of the database: a session is connected/)
    expect(tried[1]).toMatch(
      /^schema dump beside it: (pg_dump on this machine is version|there is no pg_dump).*postgresql-client-18/,
    )
    expect(tried[3]).toMatch(/^its revisions in a server of our own: .*by_hand/)
    expect(await leftovers(fixture)).toBe(0)
  })

  test('lets nobody in but the role that made it', async () => {
    await withCopy(fixture, {}, async ({ shadow }) => {
      const [row] = await fixture.sandbox.query(
        `select has_database_privilege('public', '${shadow.tenant.database}', 'connect') as open`,
      )
      expect(row).toEqual({ open: false })
    })
  })

  needs('a disk of its own')('that fills its disk is an answer, and is dropped', async () => {
    await withSmallDisk(48 * 1024 ** 2, async disk => {
      const folder = join(disk.folder, 'space')
      mkdirSync(folder)
      const { uid, gid } = statSync(fixture.sandbox.primary.dataFolder)
      chownSync(disk.folder, uid, gid)
      chownSync(folder, uid, gid)
      await fixture.sandbox.query(`create tablespace small location '${folder}'`)
      try {
        await fixture.sandbox.query('alter database acorn set tablespace small')
        // Room for the copy, and not for what the migration makes.
        const filling =
          'create table numbers as select i, repeat($$x$$, 500) from generate_series(1, 200000) i;'
        fixture.addMigrations({ '0002_email.up.sql': filling, '0002_email.down.sql': 'drop table numbers;' })
        const { analysis } = await fixture.withPorts((ports, project) =>
          previewPlan(project, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
        )
        expect(analysis.rehearsal?.shadow.kind).toBe('template')
        expect(analysis.rehearsal?.routes[0]?.problem).toContain('53100')
        expect(await leftovers(fixture)).toBe(0)
        disk.fill()
        const seen = await withCopy(fixture, {}, compare)
        expect(seen.kind).toBe('sandbox')
        expect(seen.why).toContain('no copy of the database: the disk is full')
        expect(await leftovers(fixture)).toBe(0)
        disk.free()
      } finally {
        await fixture.sandbox.query('drop database if exists acorn with (force)')
        await fixture.sandbox.query('drop tablespace small')
      }
    })
  })

  test('is dropped when what was done with it failed', async () => {
    const failing = withCopy(fixture, {}, async () => {
      throw new Error('boom')
    })
    await expect(failing).rejects.toThrow('boom')
    expect(await leftovers(fixture)).toBe(0)
  })
})

describe('a copy of a tenant of PostgreSQL 15', () => {
  const server = serverOf('15')
  let fixture: EngineFixture
  beforeAll(async () => {
    fixture = new EngineFixture(server(), ['acorn'], async () => undefined)
    await fixture.prepare()
    await fixture.sandbox.query(
      `create table teams (id int primary key, name text);
       create table members (id int generated always as identity primary key, team_id int references teams,
         size int generated always as (1) stored, seen timestamptz, picture bytea);
       create materialized view totals as select count(*) from members;
       insert into teams select i, 'team '||i from generate_series(1, 3000) i;
       insert into members (team_id, seen, picture) select i, now(), '\\x00ff' from generate_series(1, 3000) i;
       refresh materialized view totals`,
      'acorn',
    )
  })
  afterAll(() => {
    if (fixture) rmSync(fixture.folder, { recursive: true, force: true })
  })

  /** Somebody who is connected, so that the database cannot be copied as it is. */
  const whileConnected = async <T>(work: () => Promise<T>): Promise<T> => {
    const session = await fixture.sandbox.connect('acorn')
    try {
      return await work()
    } finally {
      await session.end()
    }
  }
  const rowsOf = async ({ shadow }: Look): Promise<Readonly<Record<string, number>>> =>
    Object.fromEntries((await shadow.readContents(never)).map(({ table, rows }) => [table, rows]))

  const dumping = needs('older postgres', 'pg_dump')

  dumping('is made by a dump where somebody is connected, and has the same schema', async () => {
    const seen = await whileConnected(() => withCopy(fixture, {}, compare))
    expect(seen).toMatchObject({
      kind: 'dump',
      data: 'schema',
      server: 'primary',
      isEqual: true,
      users: 0,
      heads: ['0001'],
    })
    expect(await leftovers(fixture)).toBe(0)
  })

  dumping('has a sample of the rows, and no row without its parent', async () => {
    await whileConnected(() =>
      withCopy(fixture, { data: 'sample' }, async look => {
        const rows = await rowsOf(look)
        expect(rows['public.teams']).toBe(1000)
        expect(rows['public.members']).toBeLessThanOrEqual(1000)
        const [orphans] = await fixture.sandbox.query(
          'select count(*)::int as count from members m where not exists (select from teams t where t.id = m.team_id)',
          look.shadow.tenant.database,
        )
        expect(orphans).toEqual({ count: 0 })
        // A row that comes later finds its number free.
        await fixture.sandbox.query('insert into members (team_id) values (1)', look.shadow.tenant.database)
      }),
    )
  })

  dumping('has every row and value where all data is asked for', async () => {
    await whileConnected(() =>
      withCopy(fixture, { data: 'full' }, async look => {
        expect(await rowsOf(look)).toMatchObject({
          'public.teams': 3000,
          'public.members': 3000,
          'public.users': 2,
        })
        const sum = 'select md5(string_agg(m::text, chr(10) order by id)) as sum from members m'
        expect(await fixture.sandbox.query(sum, look.shadow.tenant.database)).toEqual(
          await fixture.sandbox.query(sum, 'acorn'),
        )
      }),
    )
  })

  dumping('lies in a server of our own, of another version, and says what that means', async () => {
    const seen = await withCopy(fixture, { where: 'sandbox', data: 'sample' }, compare)
    expect(seen).toMatchObject({
      kind: 'sandbox',
      data: 'sample',
      server: 'sandbox',
      users: 2,
      heads: ['0001'],
    })
    expect(seen.why).toBe(
      "it is PostgreSQL 18 and the tenant's server is 15: the same fingerprint cannot be expected",
    )
  })
})
