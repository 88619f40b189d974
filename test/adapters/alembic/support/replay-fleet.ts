import type { AlembicOptions } from '../../../../electron/adapters/alembic/alembic-options.ts'
import { createSqlParser } from '../../../../electron/adapters/libpg-query/create-sql-parser.ts'
import {
  inspectionStatements,
  parseInspection,
} from '../../../../electron/adapters/postgres/catalog/inspection.ts'
import { openClient } from '../../../../electron/adapters/postgres/session/open-client.ts'
import { mapConcurrently } from '../../../../electron/lib/map-concurrently.ts'
import type { ReplayJudgement } from '../../../../shared/plan/replay-judgement.ts'
import type { AlembicBench, Migrated, MigrateOptions } from './alembic-bench.ts'
import { type ProjectParts, revision } from './alembic-project.ts'

/** What each tenant of such a fleet begins with. */
export const baseline = `
create table orders (id integer primary key, "Note %s" text, placed timestamptz not null default now());
insert into orders values (1, '50% off', '2024-01-01');
create table visits (n integer not null);
create table alembic_version (version_num varchar(32) primary key);
insert into alembic_version values ('r0');`

/** The revision that it stands at. */
export const first = revision('r0', null, 'pass')

/** How a fleet of databases that begin alike was migrated. */
export interface MigratedFleet {
  readonly tenants: readonly string[]
  readonly migrated: Readonly<Record<string, Migrated>>
  /** Who was sent what was recorded of others. */
  readonly replayed: readonly string[]
  readonly judgements: readonly ReplayJudgement[]
  /** What is said of the class, one revision a line. */
  readonly reasons: readonly string[]
}

/** A fleet, and what its tenants begin with. */
export interface FleetOptions {
  readonly name: string
  readonly count?: number
  readonly parts: ProjectParts
  readonly baseline?: string
  /** Default: an ordinary role that owns the databases. */
  readonly user?: string
  readonly replay?: 'auto' | 'never'
  readonly migrate?: MigrateOptions
  /** How one of them is migrated, by its place. */
  readonly migrateEach?: (tenant: string, place: number) => MigrateOptions
  /** At the end of each name. */
  readonly suffix?: string
  /** Further preparations, once all databases are there. */
  prepare?(tenants: readonly string[]): Promise<void>
  readonly options?: Partial<AlembicOptions>
}

export const fleetOwner = 'fleet_owner'

/** Makes databases that are alike, owned by a role that is no superuser, and migrates them four at a time. */
export async function migrateFleet(bench: AlembicBench, fleet: FleetOptions): Promise<MigratedFleet> {
  const { name, count = 4, user = fleetOwner, replay = 'auto' } = fleet
  const tenants = Array.from({ length: count }, (_, index) => `${name}_${index + 1}${fleet.suffix ?? ''}`)
  for (const tenant of tenants) {
    await bench.sandbox.query(`create database "${tenant}" owner "${fleetOwner}" template template0`)
    const client = await bench.sandbox.connect(tenant, bench.sandbox.primary, fleetOwner)
    if (fleet.baseline) await client.query(fleet.baseline)
    await client.end()
  }
  await fleet.prepare?.(tenants)
  const sent = new Set<string>()
  const judgements: ReplayJudgement[] = []
  const { host, port } = bench.sandbox.primary
  const settings = {
    ...{ name: 'primary', cluster: 'main', declaredRole: 'primary' as const, host, port, user },
    ...{ password: null, maintenanceDatabase: 'postgres', tls: 'disable' as const },
  }
  const project = await bench.project(fleet.parts, {
    workers: 2,
    serverFor: () => ({ name: 'primary', host, port, user, password: null, tls: 'disable' }),
    parser: createSqlParser(),
    inspection: { statements: inspectionStatements, parse: parseInspection },
    ...(replay === 'auto' && {
      async openSession(tenant, signal) {
        const client = await openClient(settings, tenant.database, { applicationName: 'replay' }, signal)
        return {
          backendPid: client.backendPid,
          query: (sql, values) => client.query(sql, values),
          send: (statements, onDone) => {
            sent.add(tenant.name)
            return client.send(statements, onDone)
          },
          end: () => client.close(),
        }
      },
    }),
    ...fleet.options,
  })
  const migrated: Record<string, Migrated> = {}
  await mapConcurrently(tenants, 4, async tenant => {
    const how = fleet.migrateEach?.(tenant, tenants.indexOf(tenant)) ?? fleet.migrate
    migrated[tenant] = await project.migrate(tenant, {
      startsAs: 'alike',
      ...how,
      observer: {
        ...how?.observer,
        replayJudged: async judgement => void judgements.push(judgement),
      },
    })
  })
  await project.close()
  const ofClass = judgements.filter(one => one.covers === 'class').flatMap(one => one.revisions)
  const reasons = ofClass.map(
    ({ revision, reason, line }) => `${revision} ${reason || 'replayed'}${line ? ` in line ${line}` : ''}`,
  )
  return { tenants, migrated, replayed: tenants.filter(tenant => sent.has(tenant)), judgements, reasons }
}

/** Every row of every table, as text. */
export async function readRows(bench: AlembicBench, database: string): Promise<readonly string[]> {
  const tables = await bench.sandbox.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    database,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await bench.sandbox.query(`select t::text as row from ${name} t order by 1`, database)
    found.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return found
}
