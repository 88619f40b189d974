import type { HiddenForeignKeys } from '../../../shared/analysis/hidden-rows.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { listMigratingTenants, type MigratingTenant } from '../routes/migrating-tenants.ts'

/** Where the gate foreign_keys will not be able to count; policies are part of a fingerprint, so one tenant of each is asked. */
export async function findHiddenRows(
  where: { readonly plan: Plan; readonly topology: Topology },
  { facts }: Pick<EnginePorts, 'facts'>,
  signal: AbortSignal,
): Promise<readonly HiddenForeignKeys[]> {
  const alike = new Map<string, MigratingTenant[]>()
  for (const member of listMigratingTenants(where)) {
    const key = `${member.tenant.cluster} ${member.planned.fingerprint}`
    alike.set(key, [...(alike.get(key) ?? []), member])
  }
  const found = await mapConcurrently([...alike.values()], 4, async members => {
    const [first] = members
    const hidden = first ? await facts.readHiddenRows(first.tenant, signal) : null
    return hidden === null ? [] : [{ ...hidden, tenants: members.map(({ tenant }) => tenant.name) }]
  })
  return found.flat()
}
