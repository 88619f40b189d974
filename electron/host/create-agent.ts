import type { MigrationGraph } from '../../shared/plan/migration-graph.ts'
import { type GateName, gateNames } from '../../shared/plan/verdict.ts'
import { foldRun } from '../../shared/run/fold-run.ts'
import { initialRunState } from '../../shared/run/run-state.ts'
import { compareReplicas, type SchemaConsistency } from '../app/drift/compare-replicas.ts'
import { type JudgedPlan, judgePlan } from '../app/plan/judge-plan.ts'
import { makeReport } from '../app/report/make-report.ts'
import type { RehearseWhen } from '../engine/analysis/analyze-plan.ts'
import type { EventReader } from '../engine/recording/recorder.ts'
import { deadlineSignal } from '../lib/with-deadline.ts'
import type { Report } from '../reports/report-schema.ts'
import { runProject } from './run-project.ts'
import { loadProject, type Project } from './settings/load-project.ts'
import { openRuns } from './stores/run-archive.ts'
import { noApprovals, withEngine, withMigrations, withServers } from './wiring/with-engine.ts'

/** Which checks run before anything changes, and how tenants are migrated. */
export interface GateRequest {
  /** Default: every gate. */
  readonly preMigrationChecks?: readonly GateName[]
  /** False: one tenant at a time. Default: as the project file says. */
  readonly parallelTenants?: boolean
  /** Fingerprints of every tenant before the run; always taken, because "rolled back" must be proven. */
  readonly rollbackSnapshot?: true
}

/** Gates that `orchestrateMigrations` will judge. */
export interface ConstructedGates {
  readonly names: readonly GateName[]
  readonly parallelTenants: boolean
}

/** What is planned, and whether it is rehearsed on a copy. */
export interface PlanRequest {
  /** Default: the head. */
  readonly target?: readonly string[]
  /** Default: every tenant; * and ? match. */
  readonly tenants?: readonly string[]
  /** Default: where no rehearsal of this very plan is kept, unless `rehearsal.when` is never. */
  readonly rehearse?: RehearseWhen
}

export interface OrchestrateRequest {
  readonly migrations: MigrationGraph
  readonly gates: ConstructedGates
  /** When it has passed, what is not decided is rolled back. */
  readonly timeoutSeconds?: number
  /** Where the environment is production: its name, and why now. */
  readonly confirm?: { readonly environment: string; readonly reason: string }
  /** Told about every event of the run. */
  readonly onEvent?: EventReader
}

/** Lockstep as a library. */
export interface Agent {
  /** Reads the project's revision tree (Alembic's, or that of its SQL files). */
  discoverAlembicRevisions(): Promise<MigrationGraph>
  /** Plans, and says of every gate how it would answer now; nothing is changed or approved. */
  judgePlan(request?: PlanRequest): Promise<JudgedPlan>
  constructGates(request?: GateRequest): ConstructedGates
  /** Runs the migration; the report says how it ended. Calling it is the approval. */
  orchestrateMigrations(request: OrchestrateRequest): Promise<Report>
  /** Compares every tenant on every server; throws `schema_differs` with the objects, or gives what was compared. */
  validateSchemaConsistency(results: Report): Promise<readonly SchemaConsistency[]>
}

/**
 * Opens a project as a library.
 *
 * @example
 * const agent = createAgent({ config: 'lockstep.yml' })
 * const migrations = await agent.discoverAlembicRevisions()
 */
export function createAgent(options: { readonly config?: string; readonly folder?: string } = {}): Agent {
  const project = loadProject(options.config ?? null, options.folder ?? process.cwd())
  const never = new AbortController().signal
  return {
    discoverAlembicRevisions: () => withMigrations(project, ports => ports.source.describe(never)),
    judgePlan: ({ target = [], tenants = [], rehearse } = {}) => {
      const unlessNever = project.config.rehearsal.when === 'never' ? 'not_now' : 'unless_kept'
      const asked = { target, tenants, rehearse: rehearse ?? unlessNever }
      return withEngine(project, noApprovals, ports =>
        judgePlan(project, ports, asked, () => undefined, never),
      )
    },
    constructGates: (request = {}) => ({
      names: gateNames.filter(name => request.preMigrationChecks?.includes(name) ?? true),
      parallelTenants: request.parallelTenants ?? true,
    }),
    orchestrateMigrations: request => orchestrate(project, request),
    validateSchemaConsistency: results => {
      const names = results.tenants.map(tenant => tenant.tenant)
      return withServers(project, ports => compareReplicas(project.config, names, ports, never))
    },
  }
}

async function orchestrate(project: Project, request: OrchestrateRequest): Promise<Report> {
  const signal = deadlineSignal((request.timeoutSeconds ?? 3_600) * 1_000)
  let state = initialRunState
  const read: EventReader = event => {
    state = foldRun(state, event)
    request.onEvent?.(event)
  }
  await runProject(request.gates.parallelTenants ? project : oneAtATime(project), {
    target: [],
    tenants: [],
    gates: request.gates.names,
    approvals: {
      ask: async () => ({
        answer: 'approved',
        how: 'api',
        by: 'library',
        confirmation: request.confirm ? { kind: 'named', ...request.confirm } : null,
      }),
    },
    readers: [read],
    interruption: { signal, name: () => null },
  })
  return makeReport(openRuns(project.runsFolder), state)
}

function oneAtATime(project: Project): Project {
  const execution = { ...project.config.execution, parallelPerServer: 1 }
  return { ...project, config: { ...project.config, execution } }
}
