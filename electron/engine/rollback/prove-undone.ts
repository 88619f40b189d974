import type { Failure } from '../../../shared/failure/failure.ts'
import type { TenantRollback } from '../../../shared/run/rollback.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { listUnproven } from '../verification/prove-rollback.ts'

/** Compares tenants with what they were before the run that is undone; null when each one is proven to be as it was. */
export async function proveUndone(
  context: Pick<ExecutionContext, 'runId' | 'ports' | 'recorder' | 'topology' | 'config'>,
  tenants: readonly TenantRollback[],
): Promise<Failure | null> {
  const names = await listUnproven(
    context,
    tenants.map(({ tenant, to }) => ({ tenant, ...to })),
  )
  if (names.length === 0) return null
  const reason = 'it was rolled back, and its schema or its version table is not what it was before the run'
  return { kind: 'rollback_unproven', tenants: names, reason }
}
