import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import { formatHeads } from '../../../shared/text/plain-words.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { type FoundTenantState, readTenantUntil } from './read-tenant-until.ts'

type ProofContext = Pick<ExecutionContext, 'runId' | 'ports' | 'recorder' | 'topology' | 'config'>

/** Where a tenant has to be found. */
interface ExpectedState {
  readonly tenant: string
  readonly fingerprint: string
  readonly heads: readonly string[]
}

/** Compares tenants with what they were before the run; null when each one is proven to be as it was. */
export async function proveRollback(
  context: ProofContext & Pick<ExecutionContext, 'snapshots'>,
  tenants: readonly Pick<PlannedTenant, 'tenant'>[],
): Promise<Failure | null> {
  const expected = tenants.flatMap(({ tenant }) => {
    const before = context.snapshots.get(tenant)
    return before ? [{ tenant, ...before }] : []
  })
  const names = await listUnproven(context, expected)
  if (names.length === 0) return null
  return {
    kind: 'rollback_unproven',
    tenants: names,
    reason:
      'the schema or the version table is not what it was, a vote is still open, or it could not be read',
  }
}

/** Records of each tenant whether it is where it has to be, and names those that are not, or that do not answer. */
export function listUnproven(
  context: ProofContext,
  expected: readonly ExpectedState[],
): Promise<readonly string[]> {
  return withIdleDeadline(context.config.execution.settleSeconds, async idleDeadline => {
    const unproven = await mapConcurrently(expected, 4, async ({ tenant, fingerprint, heads }) => {
      const found = await readTenantUntil(context, tenant, idleDeadline)
      const equal =
        found.open === false &&
        found.fingerprint === fingerprint &&
        found.heads !== null &&
        sameHeads(found.heads, heads)
      await context.recorder.tryRecord({
        type: 'rollback.proven',
        tenant,
        equal,
        before: fingerprint,
        found: found.fingerprint ?? 'unreadable',
        ...(equal ? {} : { why: whyUnproven(found, fingerprint, heads) }),
      })
      return equal ? [] : [tenant]
    })
    return unproven.flat()
  })
}

/** What differs, or why that is not known. */
function whyUnproven(found: FoundTenantState, fingerprint: string, heads: readonly string[]): string {
  const reasons = [
    found.open === true ? 'a vote of the run is still prepared' : '',
    found.fingerprint !== null && found.fingerprint !== fingerprint ? 'the schema is another one' : '',
    found.heads !== null && !sameHeads(found.heads, heads)
      ? `the version table holds ${formatHeads(found.heads)}, not ${formatHeads(heads)}`
      : '',
    found.problem === null ? '' : `not readable: ${found.problem}`,
  ]
  return reasons.filter(Boolean).join('; ')
}
