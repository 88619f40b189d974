import type { RouteRehearsal, TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationRoute, PlannedStep } from '../../../shared/plan/plan.ts'
import { formatHeads, listNames } from '../../../shared/text/plain-words.ts'
import { catalogText } from '../../catalog/catalog-text.ts'
import { diffCatalog } from '../../catalog/diff-catalog.ts'
import { nameFailure } from '../checks/name-failure.ts'
import type { Catalog, Fingerprint } from '../ports/servers.ts'
import type { Shadow, TableContents } from '../ports/shadows.ts'
import { leaveOutTable } from '../routes/leave-out-table.ts'
import { hashSteps } from './hash-downgrade.ts'
import { judgeReversibility } from './judge-reversibility.ts'
import type { RehearsalClass } from './list-classes.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { runTraced } from './run-traced.ts'

type Reversibility = RouteRehearsal['reversibility']

/** A copy that has gone up, and what it was before. */
export interface ClassAtTarget {
  readonly member: RehearsalClass
  readonly shadow: Shadow
  readonly start: Catalog
  readonly end: Fingerprint
  readonly before: readonly TableContents[]
  readonly statements: readonly TracedStatement[]
}

/** Goes down to where a copy began and up again, and says what that would lose. */
export async function rehearseDowngrade(
  context: RehearsalContext,
  stand: ClassAtTarget,
  signal: AbortSignal,
): Promise<Reversibility> {
  const { ports, onProgress } = context
  const { route } = stand.member
  onProgress(`${route.id}: down to ${formatHeads(route.from)} and up again`)
  const steps = await planBack(context, route, signal)
  if ('verdict' in steps) return { ...steps, wayBack: 'none' }
  const wayBack = hashSteps(ports.digest, steps)
  return { ...(await runDownAndUp(context, stand, steps, signal)), wayBack }
}

async function runDownAndUp(
  context: RehearsalContext,
  stand: ClassAtTarget,
  steps: readonly PlannedStep[],
  signal: AbortSignal,
): Promise<Reversibility> {
  const { ports } = context
  const { member, shadow, start, end, before } = stand
  const { route } = member
  const up = await shadow.readContents(signal)
  const down = await runTraced(context, shadow, { from: route.to, steps }, signal)
  if (down.failure !== null) return impossible(`the downgrade fails: ${nameFailure(down.failure)}`)
  const returned = await ports.servers.readCatalog(shadow.server, shadow.tenant, signal)
  if (returned.hash !== start.hash && !leavesVersionTableOnly(route, start, returned)) {
    return impossible(describeDifference('the downgrade', start, returned))
  }
  const back = await shadow.readContents(signal)
  const again = await runTraced(context, shadow, { from: route.from, steps: route.steps }, signal)
  if (again.failure !== null) return impossible(`going up again fails: ${nameFailure(again.failure)}`)
  const second = await ports.servers.fingerprint(shadow.server, shadow.tenant, signal)
  if (second.hash !== end.hash) return impossible(describeDifference('going up again', end, second))
  const judged = judgeReversibility({
    before,
    back,
    statements: [...stand.statements, ...down.statements],
    hasRows: shadow.description.data !== 'schema',
  })
  const uneven = compareCounts(up, await shadow.readContents(signal))
  if (uneven.length > 0) return { verdict: 'lossy', evidence: [...judged.evidence, ...uneven] }
  return { ...judged, evidence: ['up, down and up again end in the same schemas', ...judged.evidence] }
}

/** A revision without a downgrade shows when the way is planned, or when it runs. */
async function planBack(
  { ports }: RehearsalContext,
  { from, to }: MigrationRoute,
  signal: AbortSignal,
): Promise<readonly PlannedStep[] | Reversibility> {
  try {
    const steps = await ports.source.planDowngrade(to, from, signal)
    return steps.length > 0 ? steps : impossible('there is no downgrade')
  } catch (error) {
    if (signal.aborted) throw error
    return impossible(`there is no downgrade: ${nameFailure(toFailure(error))}`)
  }
}

function impossible(evidence: string): Reversibility {
  return { verdict: 'impossible', evidence: [evidence] }
}

function describeDifference(way: string, expected: Fingerprint, found: Fingerprint): string {
  return `${way} ends in another schema: ${listNames(diffCatalog(expected.items, found.items), 6)}`
}

/**
 * Going down to nothing leaves the empty table of versions, which the first way up has made.
 * A table that was forgotten by the downgrade looks the same, and then the second upgrade fails.
 */
function leavesVersionTableOnly({ from }: MigrationRoute, start: Catalog, returned: Catalog): boolean {
  if (from.length > 0) return false
  const known = new Set(start.items.filter(item => item.kind === 'table').map(item => item.ident))
  const [table, ...more] = returned.items.filter(item => item.kind === 'table' && !known.has(item.ident))
  if (!table?.table || more.length > 0) return false
  return catalogText(leaveOutTable(returned.items, table.table)) === catalogText(start.items)
}

/** Rows after the first and the second upgrade; their values may differ, where they hold the time. */
function compareCounts(first: readonly TableContents[], second: readonly TableContents[]): readonly string[] {
  const rows = new Map(second.map(table => [table.table, table.rows]))
  const uncounted = new Set(second.filter(one => one.notCounted !== undefined).map(one => one.table))
  return first
    .filter(table => table.notCounted === undefined && !uncounted.has(table.table))
    .filter(table => rows.get(table.table) !== table.rows)
    .map(
      ({ table, rows: count }) =>
        `${table}: ${count} rows after going up, ${rows.get(table) ?? 0} after going up again`,
    )
}
