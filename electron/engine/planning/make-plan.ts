import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { explainUnreadable, mendUnreadable } from '../../../shared/failure/describe-unreadable.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type {
  MigrationRoute,
  Plan,
  PlanNote,
  PlannedGroup,
  PlannedStep,
  PlannedTenant,
} from '../../../shared/plan/plan.ts'
import type { GateName } from '../../../shared/plan/verdict.ts'
import type { Tenant, Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { hidePasswords } from '../../sql/redact-sql.ts'
import { mostAtOnce } from '../context/most-at-once.ts'
import type { Digest } from '../ports/digest.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { chooseTarget } from '../routes/choose-target.ts'
import { routeTail } from '../routes/split-route.ts'
import { assignGroups } from '../topology/assign-groups.ts'
import { readEach, withoutCluster } from '../topology/unreadable-tenants.ts'
import { type ChosenTenants, chooseTenants } from './choose-tenants.ts'
import { hashPlan } from './hash-plan.ts'
import { noteStandbys } from './note-standbys.ts'
import { refuseNamedSchemas } from './refuse-named-schemas.ts'

/** What a plan is made from. */
export interface PlanRequest {
  readonly config: ProjectConfig
  readonly topology: Topology
  /** May still be on its way: the tenants are fingerprinted meanwhile. */
  readonly graph: MigrationGraph | Promise<MigrationGraph>
  /** Heads or revisions asked for; empty means the configured target, or every head. */
  readonly target: readonly string[]
  /** Names or globs of tenants to migrate; empty means all. */
  readonly tenants: readonly string[]
  /** Gates that will be judged; null means every one. */
  readonly gates: readonly GateName[] | null
}

type PlanPorts = Pick<EnginePorts, 'servers' | 'source' | 'parser' | 'digest'>

/** Where one tenant stands before anything runs. */
interface Position {
  readonly tenant: Tenant
  readonly heads: readonly string[]
  readonly fingerprint: string
}

/** Plans the way of every tenant to the target; tenants that start from equal heads share one route. */
export async function makePlan(request: PlanRequest, ports: PlanPorts, signal: AbortSignal): Promise<Plan> {
  const { config } = request
  const chosen = chooseTenants(request)
  const [described, read] = await Promise.allSettled([
    request.graph,
    readPositions(chosen, request, ports, signal),
  ])
  if (described.status === 'rejected') throw described.reason
  if (read.status === 'rejected') throw read.reason
  const graph = described.value
  const { positions, unreadable } = read.value
  const tenants = positions.map(position => position.tenant)
  const { target, failure } = chooseTarget(request.target, config, graph)
  if (failure) throw new LockstepError(failure)
  refuseUnknownRevisions(positions, graph)
  const routes = await planRoutes(positions, target, ports, signal)
  refuseNamedSchemas(routes, request.topology.tenants)
  const { groups, notes } = assignGroups(config, tenants)
  const planned = groups.map(({ settings, tenants: members }, wave): PlannedGroup => {
    const plannedTenants = members.map(tenant => placeTenant(tenant, positions, routes))
    return {
      name: settings.name,
      wave: wave + 1,
      ...modeOf(settings.mode, plannedTenants, routes),
      parallel: Math.min(settings.parallel, mostAtOnce(config.execution)),
      tenants: plannedTenants,
    }
  })
  const unhashed = {
    source: graph.source,
    target,
    vote: config.vote,
    routes: routes.filter(route => route.steps.length > 0),
    groups: planned,
    notes: [
      ...unreadable.map(noteUnreadable),
      ...chosen.notes,
      ...noteStandbys(request.topology),
      ...notes,
      ...noteSkew(positions),
      ...noteRoutes(routes),
    ],
    ...(unreadable.length > 0 ? { unreadable } : {}),
    gatesHash: hashSettings(request, ports.digest),
  }
  return { planId: hashPlan(unhashed, ports.digest), ...unhashed }
}

/**
 * What decides how a run is judged and carried out. How long it waits for another run to end is no part of that, nor how
 * many connections it may have: how many tenants go at once stands in the plan itself.
 */
function hashSettings({ config, gates }: PlanRequest, digest: Digest): string {
  const { connectionsPerServer: _, ...decisive } = config.execution
  const execution = { ...decisive, lockWaitSeconds: null }
  const policies = config.groups.map(group => [group.name, group.onFailure])
  const { waivers, smokeTests, lint, rehearsal, drift, snapshots, rollback, hooks } = config
  const examined = { lint, rehearsal, drift, snapshots, rollback, hooks }
  return digest(JSON.stringify([gates, config.gates, waivers, smokeTests, execution, policies, examined]))
}

/** Where each tenant stands. One that cannot be read does not hide the others; what is in the way of all of them is thrown. */
async function readPositions(
  { tenants, unreadable: known }: ChosenTenants,
  request: PlanRequest,
  ports: PlanPorts,
  signal: AbortSignal,
): Promise<{ readonly positions: readonly Position[]; readonly unreadable: readonly UnreadableTenant[] }> {
  const { read, unreadable: failed } = await readEach(
    tenants,
    tenant => readPosition(tenant, request, ports, signal),
    signal,
  )
  const unreadable = [...known, ...failed]
  if (read.length === 0 && unreadable.length > 0)
    throw new LockstepError({ kind: 'tenants_unreadable', tenants: unreadable.map(withoutCluster) })
  return { positions: read, unreadable }
}

function noteUnreadable(one: UnreadableTenant): PlanNote {
  const fix = mendUnreadable(one, describeFailure)
  return {
    kind: 'unreadable',
    text: `cannot be read, and stops a run that does not leave it out: ${explainUnreadable(one, describeFailure)}${fix === '' ? '' : ` ${fix}`}`,
  }
}

async function readPosition(
  tenant: Tenant,
  request: PlanRequest,
  ports: PlanPorts,
  signal: AbortSignal,
): Promise<Position> {
  const cluster = request.topology.clusters.find(candidate => candidate.name === tenant.cluster)
  if (!cluster) throw new LockstepError({ kind: 'primary_missing', cluster: tenant.cluster })
  // One after the other: so they can use the same session.
  const fingerprint = await ports.servers.fingerprint(cluster.primary.server, tenant, signal)
  const heads = await ports.source.readHeads(tenant, signal)
  const edited = await ports.source.verifyApplied(tenant, signal)
  if (edited) throw new LockstepError(edited)
  return { tenant, heads, fingerprint: fingerprint.hash }
}

function refuseUnknownRevisions(positions: readonly Position[], graph: MigrationGraph): void {
  const known = new Set(graph.revisions.map(revision => revision.id))
  for (const { tenant, heads } of positions) {
    const unknown = heads.find(head => !known.has(head))
    if (unknown) throw new LockstepError({ kind: 'revision_unknown', tenant: tenant.name, revision: unknown })
  }
}

async function planRoutes(
  positions: readonly Position[],
  target: readonly string[],
  ports: PlanPorts,
  signal: AbortSignal,
): Promise<readonly MigrationRoute[]> {
  const starts = [...new Map(positions.map(position => [startKey(position.heads), position.heads])).values()]
  starts.sort((a, b) => (startKey(a) < startKey(b) ? -1 : 1))
  const routes: MigrationRoute[] = []
  for (const from of starts) {
    const steps = await ports.source.planSteps(from, target, signal)
    routes.push({
      id: from.length === 0 ? 'from-empty' : `from-${[...from].sort().join('+')}`,
      from,
      to: steps.at(-1)?.headsAfter ?? from,
      steps: await Promise.all(steps.map(step => withTables(step, ports))),
    })
  }
  return routes
}

/** Fills in the tables that a step touches, where the source itself could not tell; no password enters a plan. */
export async function withTables(step: PlannedStep, ports: PlanPorts): Promise<PlannedStep> {
  const statements = await Promise.all(
    step.statements.map(async statement => {
      const sql = hidePasswords(statement.sql)
      if (statement.tables.length > 0) return { ...statement, sql }
      const facts = await ports.parser.describe(statement.sql)
      return { ...statement, sql, tables: [...new Set(facts.flatMap(fact => fact.tables))].sort() }
    }),
  )
  const { sourceSql } = step
  return { ...step, statements, ...(sourceSql && { sourceSql: sourceSql.map(hidePasswords) }) }
}

function placeTenant(
  tenant: Tenant,
  positions: readonly Position[],
  routes: readonly MigrationRoute[],
): PlannedTenant {
  const position = positions.find(candidate => candidate.tenant.name === tenant.name)
  const from = position?.heads ?? []
  const route = routes.find(candidate => startKey(candidate.from) === startKey(from))
  return {
    tenant: tenant.name,
    cluster: tenant.cluster,
    database: tenant.database,
    ...(tenant.schema === undefined ? {} : { schema: tenant.schema }),
    from,
    route: route && route.steps.length > 0 ? route.id : null,
    fingerprint: position?.fingerprint ?? '',
  }
}

function modeOf(
  asked: 'atomic' | 'independent',
  tenants: readonly PlannedTenant[],
  routes: readonly MigrationRoute[],
): Pick<PlannedGroup, 'mode' | 'modeReason'> {
  if (asked === 'independent') return { mode: 'independent', modeReason: 'asked for' }
  const mine = routes.filter(route => tenants.some(tenant => tenant.route === route.id))
  const blocked = mine.find(route => route.steps[0] && !route.steps[0].transactional)
  if (!blocked) return { mode: 'atomic', modeReason: 'every step that votes is transactional' }
  const step = blocked.steps[0]
  return {
    mode: 'independent',
    modeReason: `revision ${step?.revision} cannot run in a transaction: ${step?.reason}`,
  }
}

function noteSkew(positions: readonly Position[]): readonly PlanNote[] {
  const byStart = new Map<string, string[]>()
  for (const { tenant, heads } of positions) {
    const key = startKey(heads) || 'empty'
    byStart.set(key, [...(byStart.get(key) ?? []), tenant.name])
  }
  if (byStart.size < 2) return []
  const parts = [...byStart]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([start, names]) => `${names.length} at ${start} (${shorten(names)})`)
  return [
    { kind: 'skew', text: `tenants start from ${byStart.size} different revisions: ${parts.join('; ')}` },
  ]
}

function noteRoutes(routes: readonly MigrationRoute[]): readonly PlanNote[] {
  // A revision that several routes share is worth one note.
  const unrendered = new Map(
    routes
      .flatMap(route => route.steps)
      .filter(step => step.unrendered !== '')
      .map(step => [step.revision, `revision ${step.revision}: ${step.unrendered}`]),
  )
  const tails = routes.flatMap(route =>
    routeTail(route)
      .slice(0, 1)
      .map(step => {
        const reason = step.reason || 'it follows a step that cannot run in a transaction'
        return `${route.id}: not atomic from revision ${step.revision} on (${reason})`
      }),
  )
  return [
    ...[...unrendered.values()].map((text): PlanNote => ({ kind: 'unrendered', text })),
    ...tails.map((text): PlanNote => ({ kind: 'not_atomic_from_here', text })),
  ]
}

function shorten(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}

function startKey(heads: readonly string[]): string {
  return [...heads].sort().join('+')
}
