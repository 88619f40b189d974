import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createPostgres } from '../../electron/adapters/postgres/create-postgres.ts'
import { openSessionPool } from '../../electron/adapters/postgres/session/session-pool.ts'
import { withClient } from '../../electron/adapters/postgres/session/with-client.ts'
import { mapConcurrently } from '../../electron/lib/map-concurrently.ts'
import { describeServers, describeTenant, never } from '../adapters/postgres/sandbox-settings.ts'
import { type TestSandbox, withSandbox } from '../support/with-sandbox.ts'
import { measureTime, median } from './measure-time.ts'

const rounds = Number(process.env.LOCKSTEP_BENCH_ROUNDS ?? 15)
const largeTables = 500
const smallTables = 30
const tenantCount = 200
const warmBudgetMs = 150
const rateBudget = 10

/** A schema as services have it: keys, checks, defaults and two indexes a table; here and there a view, a trigger, a policy. */
const schema = (tables: number): string => `
  create type state as enum ('open', 'paid', 'sent');
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create table account (id bigint generated always as identity primary key, name text not null);
  do $$ begin
    for number in 1..${tables - 1} loop
      execute format('create table item_%1$s (id bigserial primary key,
        account_id bigint not null references account, name varchar(100) not null default ''nobody'', state state,
        amount numeric(12, 2) check (amount >= 0), note text, created timestamptz not null default now())', number);
      execute format('create index on item_%s (account_id)', number);
      execute format('create index on item_%s (state, created) where amount > 0', number);
      if number % 5 = 0 then
        execute format('create view open_%1$s as select id, name from item_%1$s where state = ''open''', number);
        execute format('create trigger touched before update on item_%s for each row execute function touch()', number);
        execute format('alter table item_%s enable row level security', number);
        execute format('create policy own on item_%s using (name = current_user)', number);
      end if;
    end loop;
  end $$;`

test(
  'fingerprints: one tenant of 500 tables again and again, and 200 tenants once each',
  {
    timeout: 1_800_000,
  },
  () =>
    withSandbox({ standbys: 0, maxConnections: 60 }, async sandbox => {
      await sandbox.query('create database large')
      await sandbox.query(schema(largeTables), 'large')
      await sandbox.query('vacuum analyze', 'large')
      const warm = await measureWarm(sandbox)
      const rate = await measureFleet(sandbox)
      // What one takes when nobody else wants the processors: the clock of a busy machine says nothing about us.
      expect(warm, 'warm fingerprint').toBeLessThanOrEqual(warmBudgetMs)
      expect(rate, 'fingerprints a second').toBeGreaterThanOrEqual(rateBudget)
    }),
)

/** Every round asks three things in turn, so that a busy machine slows all of them alike. Gives what a fingerprint takes on a quiet one. */
async function measureWarm(sandbox: TestSandbox): Promise<number> {
  const [settings] = describeServers(sandbox)
  if (!settings) throw new Error('the sandbox has no primary')
  const sessions = openSessionPool([settings])
  const { servers } = createPostgres([settings])
  const ask = (sql: string) => () =>
    withClient(settings, 'large', { applicationName: 'bench' }, client => client.query(sql), never)
  const times = {
    fingerprint: [] as number[],
    processor: [] as number[],
    nothing: [] as number[],
    catalog: [] as number[],
  }
  let items = 0
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const processor = await measureProcessor(ask('select pg_backend_pid() as pid'))
      const fingerprint = await measureTime(async () => {
        const tenant = describeTenant('large', 'tenant_role')
        items = (await servers.fingerprint('primary', tenant, never)).items.length
      })
      const used = await processor()
      const nothing = await measureTime(ask('select 1'))
      const catalog = await measureTime(ask(catalogRead))
      // The first round fills the caches and is not counted.
      if (round === 0) continue
      times.fingerprint.push(fingerprint)
      if (used !== null) times.processor.push(used)
      times.nothing.push(nothing)
      times.catalog.push(catalog)
    }
  } finally {
    await sessions.close()
  }
  const middle = median(times.fingerprint)
  const fastest = Math.min(...times.fingerprint)
  const quiet = times.processor.length === 0 ? fastest : median(times.processor)
  print([
    [
      `${largeTables} tables, ${items} items, warm`,
      `${ms(middle)} (median of ${rounds}), ${ms(fastest)} (fastest)`,
    ],
    ['processor time of server and reader together', `${ms(quiet)} (median)`],
    [
      `budget ${warmBudgetMs} ms`,
      `${verdict(middle <= warmBudgetMs)} by the clock, ${verdict(quiet <= warmBudgetMs)} by processor time`,
    ],
    ['select 1', `${ms(median(times.nothing))}, ${ratio(times.fingerprint, times.nothing)} times faster`],
    [
      'names and types of all columns, no more',
      `${ms(median(times.catalog))}, ${ratio(times.fingerprint, times.catalog)} times faster`,
    ],
  ])
  return Math.min(fastest, quiet)
}

/** Starts to count the processor time of this process and of the session that answers; null where the system does not tell. */
async function measureProcessor(
  askPid: () => Promise<{ readonly rows: readonly object[] }>,
): Promise<() => Promise<number | null>> {
  const read = async (): Promise<number | null> => {
    const [row] = (await askPid()).rows as readonly { readonly pid: number }[]
    const { user, system } = process.cpuUsage()
    try {
      const [nanoseconds] = readFileSync(`/proc/${row?.pid}/schedstat`, 'utf8').split(' ')
      return Number(nanoseconds) / 1e6 + (user + system) / 1e3
    } catch {
      return null
    }
  }
  const before = await read()
  return async () => {
    const after = await read()
    return before === null || after === null ? null : after - before
  }
}

const catalogRead = `select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped`

/** As planning does it: eight tenants at a time, each on a connection of its own. Gives tenants a second. */
async function measureFleet(sandbox: TestSandbox): Promise<number> {
  await sandbox.query('create database small')
  await sandbox.query(schema(smallTables), 'small')
  const tenants = Array.from({ length: tenantCount }, (_, index) => `tenant_${index}`)
  for (const tenant of tenants) await sandbox.query(`create database ${tenant} template small`)
  const [settings] = describeServers(sandbox)
  if (!settings) throw new Error('the sandbox has no primary')
  const { servers } = createPostgres([settings])
  const hashes = new Set<string>()
  const fleetMs = await measureTime(() =>
    mapConcurrently(tenants, 8, async tenant => {
      hashes.add((await servers.fingerprint('primary', describeTenant(tenant), never)).hash)
    }),
  )
  const connectMs = await measureTime(() =>
    mapConcurrently(tenants, 8, tenant =>
      withClient(settings, tenant, { applicationName: 'bench' }, client => client.query('select 1'), never),
    ),
  )
  expect(hashes.size, 'classes of equal tenants').toBe(1)
  const rate = (1_000 * tenantCount) / fleetMs
  print([
    [
      `${tenantCount} tenants of ${smallTables} tables, cold`,
      `${rate.toFixed(1)} a second (${ms(fleetMs)} in all)`,
    ],
    [`budget ${rateBudget} a second`, verdict(rate >= rateBudget)],
    ['connect and select 1', `${ms(connectMs)} in all, ${(fleetMs / connectMs).toFixed(1)} times faster`],
  ])
  return rate
}

function print(lines: readonly (readonly [string, string])[]): void {
  const text = lines.map(([what, measured]) => `${what.padEnd(44)} ${measured}`).join('\n')
  process.stdout.write(`\n${text}\n`)
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'NOT MET')

/** Pair by pair: both were asked in the same round. */
const ratio = (slow: readonly number[], fast: readonly number[]): string =>
  median(slow.map((value, index) => value / (fast[index] ?? Number.NaN))).toFixed(1)
