import { LockstepError } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { Plan } from '../../shared/plan.ts'
import { findTenant, primaryOf, type RunContext, type Snapshot } from './run-context.ts'

/** Takes what a rollback is proven against; a tenant that moved since planning voids the plan. */
export async function takeSnapshots(context: RunContext, plan: Plan): Promise<ReadonlyMap<string, Snapshot>> {
  const { ports, recorder, topology, signal } = context
  const planned = plan.groups.flatMap(group => group.tenants.filter(one => one.route !== null))
  const entries = await mapConcurrently(planned, 4, async one => {
    const tenant = findTenant(topology, one.tenant)
    const [heads, fingerprint] = await Promise.all([
      ports.source.readHeads(tenant, signal),
      ports.servers.fingerprint(primaryOf(topology, tenant), tenant, signal),
    ])
    if (fingerprint.hash !== one.fingerprint || [...heads].sort().join() !== [...one.from].sort().join()) {
      const moved = [`tenant ${one.tenant} changed while the run was under way`]
      throw new LockstepError({ kind: 'plan_void', approved: plan.planId, actual: plan.planId, moved })
    }
    await recorder.record({
      type: 'snapshot.taken',
      tenant: one.tenant,
      heads,
      fingerprint: fingerprint.hash,
      volatile: {},
    })
    return [one.tenant, { heads, fingerprint: fingerprint.hash, items: fingerprint.items }] as const
  })
  return new Map(entries)
}
