import type pg from 'pg'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import {
  inspectionStatements,
  parseInspection,
} from '../../../electron/adapters/postgres/catalog/inspection.ts'
import { createSqlFilesSource } from '../../../electron/adapters/sql-files/create-sql-files-source.ts'
import type { Inspection } from '../../../electron/engine/ports/inspection.ts'
import type { TraceQuery } from '../../../electron/engine/ports/lock-trace.ts'
import type {
  MigrateObserver,
  MigrateResult,
  MigrationSource,
} from '../../../electron/engine/ports/migration-source.ts'
import type { OpenSqlSession } from '../../../electron/transactions/sql-session.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { waitUntil } from '../../support/wait-until.ts'
import type { TestSandbox } from '../../support/with-sandbox.ts'
import { openOn } from './test-session.ts'
import { withProject } from './write-migrations.ts'

const parser = createSqlParser()
let count = 0

/** A signal that never comes. */
export const never = new AbortController().signal

/** Two revisions, each with a downgrade. */
export const users = {
  '0001_users.up.sql':
    'create table users (id int primary key, email text);\ninsert into users values (1, null), (2, null);',
  '0001_users.down.sql': 'drop table users;',
  '0002_note.up.sql': 'alter table users add column note text;',
  '0002_note.down.sql': 'alter table users drop column note;',
} as const

/** Lends a tenant of its own and a source over files. */
export async function withTenant(
  sandbox: TestSandbox,
  files: Readonly<Record<string, string>>,
  use: (bench: Bench) => Promise<void>,
  options: {
    readonly database?: string
    readonly openSession?: OpenSqlSession
    readonly table?: string
  } = {},
): Promise<void> {
  count += 1
  const database = options.database ?? `tenant_${count}`
  await sandbox.query(`create database "${database.replaceAll('"', '""')}"`)
  await withProject(files, async folder => {
    const source = createSqlFilesSource({
      projectFolder: folder,
      folder: 'migrations',
      parser,
      openSession: options.openSession ?? openOn(sandbox),
      inspection: { statements: inspectionStatements, parse: parseInspection },
      ...(options.table === undefined ? {} : { versionTable: { name: options.table } }),
    })
    const tenant: Tenant = { name: database, cluster: 'main', database, appRole: null }
    await use(new Bench(sandbox, source, tenant, folder))
    await source.close()
  })
  await waitUntil(async () => {
    const rows = await sandbox.query(
      `select from pg_stat_activity where datname = '${database.replaceAll("'", "''")}'`,
    )
    return rows.length === 0
  }, 'every session of the tenant to end')
}

export interface Answer {
  readonly result: MigrateResult
  readonly inspection: Inspection | null
  readonly log: readonly string[]
}

/** A tenant and a source, and what tests do with them. */
export class Bench {
  readonly sandbox: TestSandbox
  readonly source: MigrationSource
  readonly tenant: Tenant
  readonly folder: string
  constructor(sandbox: TestSandbox, source: MigrationSource, tenant: Tenant, folder: string) {
    this.sandbox = sandbox
    this.source = source
    this.tenant = tenant
    this.folder = folder
  }

  async migrate(
    target: readonly string[],
    options: {
      readonly from?: readonly string[]
      readonly gid?: string
      readonly lockTimeoutMs?: number
      readonly statementTimeoutMs?: number
      readonly observer?: Partial<MigrateObserver>
      readonly trace?: readonly TraceQuery[]
      readonly signal?: AbortSignal
    } = {},
  ): Promise<Answer> {
    const from = options.from ?? (await this.source.readHeads(this.tenant, never))
    const steps = await this.source.planSteps(from, target, never)
    const log: string[] = []
    let inspection: Inspection | null = null
    const result = await this.source.migrate(
      {
        tenant: this.tenant,
        from,
        steps,
        transactional: steps.every(step => step.transactional),
        lockTimeoutMs: options.lockTimeoutMs ?? 5000,
        statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
        gid: options.gid ?? null,
        ...(options.trace && { trace: options.trace }),
      },
      {
        started: async facts => void log.push(facts.xid === null ? 'started' : 'started in a transaction'),
        statement: async facts =>
          void log.push(`${facts.revision}.${facts.index} ${facts.rowCount} ${facts.sql}`),
        revisionApplied: async revision => void log.push(`applied ${revision}`),
        readyToVote: async seen => {
          inspection = seen
          log.push('vote')
          return 'finish'
        },
        ...options.observer,
      },
      options.signal ?? never,
    )
    return { result, inspection, log }
  }

  query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return this.sandbox.query(sql, this.tenant.database)
  }

  async tables(): Promise<readonly unknown[]> {
    const rows = await this.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    )
    return rows.map(row => row.relname)
  }

  connect(): Promise<pg.Client> {
    return this.sandbox.connect(this.tenant.database)
  }
}
