import type { AlembicOptions } from '../../../../electron/adapters/alembic/alembic-options.ts'
import { createAlembicSource } from '../../../../electron/adapters/alembic/alembic-source.ts'
import type { SandboxOptions } from '../../../../electron/adapters/embedded-postgres/sandbox-options.ts'
import type { Inspection } from '../../../../electron/engine/ports/inspection.ts'
import type { TraceQuery } from '../../../../electron/engine/ports/lock-trace.ts'
import type {
  MigrateObserver,
  MigrateRequest,
  MigrateResult,
  MigrationSource,
  StatementFacts,
} from '../../../../electron/engine/ports/migration-source.ts'
import type { PlannedStep } from '../../../../shared/plan/plan.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { type AlembicProject, type ProjectParts, writeAlembicProject } from './alembic-project.ts'

/** A cluster, and projects that migrate databases of it; everything is gone after `close`. */
export interface AlembicBench {
  readonly sandbox: TestSandbox
  project(parts: ProjectParts, options?: Partial<AlembicOptions>): Promise<AlembicCase>
  close(): Promise<void>
}

/** One project under test. */
export interface AlembicCase {
  readonly project: AlembicProject
  readonly source: MigrationSource
  migrate(database: string, options?: MigrateOptions): Promise<Migrated>
  close(): Promise<void>
}

export interface MigrateOptions {
  readonly from?: readonly string[]
  readonly target?: readonly string[]
  readonly steps?: readonly PlannedStep[]
  readonly gid?: string | null
  /** For a tenant that is a schema. */
  readonly schema?: string
  readonly transactional?: boolean
  readonly observer?: Partial<MigrateObserver>
  readonly signal?: AbortSignal
  readonly lockTimeoutMs?: number
  readonly trace?: readonly TraceQuery[]
  readonly isOnCopy?: boolean
  readonly startsAs?: string
}

/** How a migration went. */
export interface Migrated {
  readonly result: MigrateResult
  readonly statements: readonly StatementFacts[]
  readonly revisions: readonly string[]
  readonly inspection: Inspection | null
  readonly backendPid: number | null
}

export const tenantOf = (database: string): Tenant => ({
  name: database,
  cluster: 'main',
  database,
  appRole: null,
})

/** Opens a primary without standbys. */
export async function openBench(
  interpreter: string,
  settings: Readonly<Record<string, string>> = {},
  options: SandboxOptions = {},
): Promise<AlembicBench> {
  const { sandbox, close } = await openSandbox({
    standbys: 0,
    maxPreparedTransactions: 50,
    settings,
    ...options,
  })
  const cases = new Set<AlembicCase>()
  return {
    sandbox,
    async project(parts, options = {}) {
      const project = await writeAlembicProject(parts)
      const { host, port } = sandbox.primary
      const source = createAlembicSource({
        iniFile: project.iniFile,
        interpreter,
        workers: 1,
        serverFor: () => ({ name: 'primary', host, port, user: 'postgres', password: null, tls: 'disable' }),
        ...options,
      })
      const opened: AlembicCase = {
        project,
        source,
        migrate: (database, how) => migrate(source, database, how),
        async close() {
          cases.delete(opened)
          await source.close()
          await project.remove()
        },
      }
      cases.add(opened)
      return opened
    },
    async close() {
      for (const opened of [...cases]) await opened.close()
      await close()
    },
  }
}

async function migrate(
  source: MigrationSource,
  database: string,
  how: MigrateOptions = {},
): Promise<Migrated> {
  const signal = how.signal ?? new AbortController().signal
  const statements: StatementFacts[] = []
  const revisions: string[] = []
  const seen: { inspection: Inspection | null; backendPid: number | null } = {
    inspection: null,
    backendPid: null,
  }
  const from = how.from ?? []
  const steps = how.steps ?? (await source.planSteps(from, how.target ?? ['heads'], signal))
  const request: MigrateRequest = {
    tenant: { ...tenantOf(database), ...(how.schema ? { schema: how.schema } : {}) },
    from,
    steps,
    transactional: how.transactional ?? true,
    lockTimeoutMs: how.lockTimeoutMs ?? 2_000,
    statementTimeoutMs: 60_000,
    gid: how.gid === undefined ? null : how.gid,
    ...(how.trace && { trace: how.trace }),
    ...(how.isOnCopy && { isOnCopy: true }),
    ...(how.startsAs && { startsAs: how.startsAs }),
  }
  const observer: MigrateObserver = {
    ...how.observer,
    async started(facts) {
      seen.backendPid = facts.backendPid
      await how.observer?.started?.(facts)
    },
    async statement(facts) {
      statements.push(facts)
      await how.observer?.statement?.(facts)
    },
    async revisionApplied(revision) {
      revisions.push(revision)
    },
    async readyToVote(inspection) {
      seen.inspection = inspection
      return (await how.observer?.readyToVote?.(inspection)) ?? 'finish'
    },
  }
  const result = await source.migrate(request, observer, signal)
  return { result, statements, revisions, ...seen }
}
