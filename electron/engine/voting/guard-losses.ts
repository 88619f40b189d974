import type { Failure } from '../../../shared/failure/failure.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { findExcess, findExcessChanges, findRewritten } from '../losses/accepted-losses.ts'
import { countRequestOf } from '../losses/count-losses.ts'
import type { Inspection, TableFile } from '../ports/inspection.ts'
import type { TraceQuery, TraceRows } from '../ports/lock-trace.ts'

/** Holds what a tenant is about to lose against what was accepted. */
export interface LossGuard {
  /** What the migrating session asks itself before its first step. */
  readonly queries: readonly TraceQuery[]
  /** Judges what they gave; null when it is no more than was accepted. */
  judgeCounts(rows: TraceRows): Failure | null
  /** Judges the rows of tables that stay, before the vote; null when no more were changed than was accepted. */
  judgeChanges(inspection: Inspection): Failure | null
}

/** The guard of a tenant that destroys something; null where nothing was to be accepted. */
export async function guardLosses(
  context: ExecutionContext,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<LossGuard | null> {
  const accepted = context.accepted?.get(tenant.name)
  if (!accepted) return null
  const requests = accepted.things.map(({ thing }) => countRequestOf(thing))
  const { queries, read, readFiles } = await context.ports.lossFacts.planCount(tenant, requests, signal)
  let files: readonly TableFile[] = []
  const refuse = (moved: readonly string[]): Failure | null => {
    const { planId } = context.plan
    return moved.length === 0 ? null : { kind: 'plan_void', approved: planId, actual: planId, moved }
  }
  return {
    queries,
    judgeCounts: rows => {
      files = readFiles(rows)
      return refuse(findExcess(tenant.name, accepted, read(rows)))
    },
    judgeChanges: inspection =>
      refuse([
        ...findExcessChanges(tenant.name, accepted, inspection),
        ...findRewritten(tenant.name, accepted, files, inspection),
      ]),
  }
}
