import { diffCatalog } from '../../shared/diff-catalog.ts'
import { LockstepError } from '../../shared/failure.ts'
import { foldRun } from '../../shared/fold-run.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { MigrationGraph } from '../../shared/migration-graph.ts'
import type { Report } from '../../shared/report/report-schema.ts'
import { initialRunState } from '../../shared/run-state.ts'
import { type GateName, gateNames } from '../../shared/verdict.ts'
import { makeReport } from '../app/report/make-report.ts'
import { deadlineSignal } from '../deadlines/with-deadline.ts'
import { discoverTopology } from '../engine/discover-topology.ts'
import type { RunReader } from '../engine/recorder.ts'
import { loadProject, type Project } from './load-project.ts'
import { openRuns } from './run-archive.ts'
import { runProject } from './run-project.ts'
import { noApprovals, withEngine } from './with-engine.ts'

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

export interface OrchestrateRequest {
  readonly migrations: MigrationGraph
  readonly gates: ConstructedGates
  /** When it has passed, what is not decided is rolled back. */
  readonly timeoutSeconds?: number
  /** Where the environment is production: its name, and why now. */
  readonly confirm?: { readonly environment: string; readonly reason: string }
  /** Told about every event of the run. */
  readonly onEvent?: RunReader
}

/** One tenant's schema as seen on every server of its cluster. */
export interface SchemaConsistency {
  readonly tenant: string
  readonly fingerprint: string
  readonly servers: readonly string[]
}

/** Lockstep as a library. */
export interface Agent {
  /** Reads the project's revision tree (Alembic's, or that of its SQL files). */
  discoverAlembicRevisions(): Promise<MigrationGraph>
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
    discoverAlembicRevisions: () => withEngine(project, noApprovals, ports => ports.source.describe(never)),
    constructGates: (request = {}) => ({
      names: gateNames.filter(name => request.preMigrationChecks?.includes(name) ?? true),
      parallelTenants: request.parallelTenants ?? true,
    }),
    orchestrateMigrations: request => orchestrate(project, request),
    validateSchemaConsistency: results => compareSchemas(project, results, never),
  }
}

async function orchestrate(project: Project, request: OrchestrateRequest): Promise<Report> {
  const signal = deadlineSignal((request.timeoutSeconds ?? 3_600) * 1_000)
  let state = initialRunState
  const read: RunReader = event => {
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

async function compareSchemas(
  project: Project,
  results: Report,
  signal: AbortSignal,
): Promise<readonly SchemaConsistency[]> {
  const names = new Set(results.tenants.map(tenant => tenant.tenant))
  return withEngine(project, noApprovals, async ports => {
    const topology = await discoverTopology(project.config, ports, async () => undefined, signal)
    const tenants = topology.tenants.filter(tenant => names.has(tenant.name))
    return mapConcurrently(tenants, 4, async tenant => {
      const cluster = topology.clusters.find(candidate => candidate.name === tenant.cluster)
      if (!cluster) throw new LockstepError({ kind: 'primary_missing', cluster: tenant.cluster })
      const expected = await ports.servers.fingerprint(cluster.primary.server, tenant, signal)
      const standbys = cluster.standbys.filter(standby => standby.declaredReplay === undefined)
      for (const { server } of standbys) {
        const found = await ports.servers.fingerprint(server, tenant, signal)
        if (found.hash !== expected.hash) {
          const objects = diffCatalog(expected.items, found.items)
          throw new LockstepError({ kind: 'schema_differs', tenant: tenant.name, server, objects })
        }
      }
      const servers = [cluster.primary, ...standbys].map(member => member.server)
      return { tenant: tenant.name, fingerprint: expected.hash, servers }
    })
  })
}
