import type { Failure } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { PlannedTenant } from '../../shared/plan.ts'
import { type ExecutionContext, findTenant, primaryOf } from './run-context.ts'

/** Compares tenants with what they were before the run; null when each one is proven to be as it was. */
export async function proveRollback(
  context: Pick<ExecutionContext, 'ports' | 'recorder' | 'clock' | 'topology' | 'snapshots' | 'config'>,
  tenants: readonly Pick<PlannedTenant, 'tenant'>[],
): Promise<Failure | null> {
  const deadline = AbortSignal.timeout(context.config.execution.settleSeconds * 1_000)
  const unproven = await mapConcurrently(tenants, 4, async ({ tenant }) => {
    const before = context.snapshots.get(tenant)
    if (!before) return []
    const found = await readUntil(context, tenant, deadline)
    const equal =
      found !== null &&
      found.fingerprint === before.fingerprint &&
      found.heads === [...before.heads].sort().join('+')
    const event = { tenant, equal, before: before.fingerprint, found: found?.fingerprint ?? 'unreadable' }
    await context.recorder.tryRecord({ type: 'rollback.proven', ...event })
    return equal ? [] : [tenant]
  })
  const names = unproven.flat()
  if (names.length === 0) return null
  return {
    kind: 'rollback_unproven',
    tenants: names,
    reason: 'the schema or the version table is not what it was, or could not be read',
  }
}

async function readUntil(
  { ports, clock, topology }: Pick<ExecutionContext, 'ports' | 'clock' | 'topology'>,
  name: string,
  deadline: AbortSignal,
): Promise<{ readonly fingerprint: string; readonly heads: string } | null> {
  const tenant = findTenant(topology, name)
  while (!deadline.aborted) {
    try {
      const [fingerprint, heads] = await Promise.all([
        ports.servers.fingerprint(primaryOf(topology, tenant), tenant, deadline),
        ports.source.readHeads(tenant, deadline),
      ])
      return { fingerprint: fingerprint.hash, heads: [...heads].sort().join('+') }
    } catch {
      // The server may be restarting: it is asked again until the deadline.
      await clock.sleep(300, deadline)
    }
  }
  return null
}
