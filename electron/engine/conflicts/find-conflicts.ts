import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { listRouteClasses } from '../routes/list-route-classes.ts'
import { checkRoute } from './check-route.ts'
import { findClassConflicts } from './compare-classes.ts'
import type { ConflictPorts } from './conflict-ports.ts'
import { findBranches } from './find-branches.ts'
import { findEnumUse } from './find-enum-use.ts'
import { findLongNames } from './find-long-names.ts'
import { type FoundConflict, makeConflictFindings } from './make-findings.ts'
import { type HeldSchema, readHeldSchema } from './read-held-schema.ts'
import { type RouteStep, StatementReader } from './route-statement.ts'
import { settleExistingIndexes } from './settle-existing-indexes.ts'

/** What is searched for conflicts. */
export interface ConflictRequest {
  readonly plan: Plan
  readonly graph: MigrationGraph
  readonly topology: Topology
}

/** Finds what does not fit together: revisions with each other, and revisions with what tenants hold. */
export async function findConflicts(
  { plan, graph, topology }: ConflictRequest,
  ports: ConflictPorts,
  signal: AbortSignal,
): Promise<readonly PlanFinding[]> {
  const reader = new StatementReader(ports.parser)
  const routes = new Map<string, readonly RouteStep[]>()
  for (const route of plan.routes) routes.set(route.id, await reader.readRoute(route, signal))
  const planned = [...routes.values()].flat()
  const elsewhere = await readOtherHeads({ plan, graph }, reader, ports, signal)
  const branches = findBranches(graph.revisions, graph.heads, [...planned, ...elsewhere])
  const texts = [...routes.values()].flatMap(steps => [...findLongNames(steps), ...findEnumUse(steps)])
  const held = await findHeld({ plan, topology, routes }, ports, signal)
  const migrating = listMigrating(plan)
  const all = [...branches, ...texts].map((conflict): FoundConflict => ({ conflict, tenants: null }))
  return makeConflictFindings(
    [...all, ...held],
    migrating.map(tenant => tenant.tenant),
    ports.digest,
  )
}

/** Revisions of heads that this plan does not go to, as far as they can be shown. */
async function readOtherHeads(
  { plan, graph }: Pick<ConflictRequest, 'plan' | 'graph'>,
  reader: StatementReader,
  { source }: ConflictPorts,
  signal: AbortSignal,
): Promise<readonly RouteStep[]> {
  const route = plan.routes[0]
  if (!route || graph.heads.length < 2 || graph.heads.every(head => route.to.includes(head))) return []
  try {
    const known = new Set(plan.routes.flatMap(({ steps }) => steps.map(({ revision }) => revision)))
    const steps = (await source.planSteps(route.from, graph.heads, signal)).filter(
      ({ revision }) => !known.has(revision),
    )
    return await Promise.all(steps.map((step, index) => reader.readStep(step, -1 - index)))
  } catch (error) {
    if (signal.aborted) throw error
    // What this plan does not run need not be readable.
    return []
  }
}

interface HeldRequest {
  readonly plan: Plan
  readonly topology: Topology
  readonly routes: ReadonlyMap<string, readonly RouteStep[]>
}

/** Follows each route on what each class of tenants holds. */
async function findHeld(
  { plan, topology, routes }: HeldRequest,
  ports: ConflictPorts,
  signal: AbortSignal,
): Promise<readonly FoundConflict[]> {
  const classes = listRouteClasses(plan)
  const isOwnSession = plan.source === 'sql'
  const read = await mapConcurrently(classes, 4, ({ tenants }) =>
    readHeldSchema(tenants[0]?.tenant ?? '', { topology, isOwnSession }, ports, signal),
  )
  const mains = new Map<string, HeldSchema>()
  const found: FoundConflict[] = []
  for (const [index, { route, tenants, isMain }] of classes.entries()) {
    const names = tenants.map(tenant => tenant.tenant)
    const schema = read[index]
    if (!schema || 'problem' in schema) {
      const message = `${names[0]} could not be read: ${schema?.problem ?? 'it is not known'}`
      const nowhere = { revision: null, statement: null, place: null, objects: [] }
      found.push({
        conflict: { ...nowhere, rule: 'not_compared', severity: 'warning', message },
        tenants: names,
      })
      continue
    }
    if (isMain) mains.set(route.id, schema)
    const steps = routes.get(route.id) ?? []
    const main = mains.get(route.id)
    const judged = checkRoute(steps, schema, schema.dependents)
    const conflicts = [
      ...(await settleExistingIndexes(judged, steps, schema.items, ports.parser)),
      ...(main && !isMain ? findClassConflicts(steps, main.items, schema.items) : []),
    ]
    found.push(...conflicts.map(conflict => ({ conflict, tenants: names })))
  }
  return found
}
