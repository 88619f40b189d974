import type { Failure } from '../../../shared/failure.ts'
import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import type { TenantRollback } from '../../../shared/rollback.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../run-context.ts'
import { sameHeads } from '../same-heads.ts'

/** Compares tenants with what they were before the run that is undone; null when each one is proven to be as it was. */
export async function proveUndone(
  { ports, recorder, topology, config }: Pick<ExecutionContext, 'ports' | 'recorder' | 'topology' | 'config'>,
  tenants: readonly TenantRollback[],
): Promise<Failure | null> {
  const deadline = AbortSignal.timeout(config.execution.settleSeconds * 1_000)
  const unproven = await mapConcurrently(tenants, 4, async ({ tenant: name, to }) => {
    const tenant = findTenant(topology, name)
    const found = await Promise.all([
      ports.servers.fingerprint(primaryOf(topology, tenant), tenant, deadline),
      ports.source.readHeads(tenant, deadline),
    ]).catch(() => null)
    const equal = found !== null && found[0].hash === to.fingerprint && sameHeads(found[1], to.heads)
    const event = { tenant: name, equal, before: to.fingerprint, found: found?.[0].hash ?? 'unreadable' }
    await recorder.tryRecord({ type: 'rollback.proven', ...event })
    return equal ? [] : [name]
  })
  const names = unproven.flat()
  if (names.length === 0) return null
  const reason = 'it went back, and its schema or its version table is not what it was before the run'
  return { kind: 'rollback_unproven', tenants: names, reason }
}
