import type { Gate } from '../../checks/gate.ts'
import { judgeIsolation } from './judge-isolation.ts'
import { findNewSharedTables } from './new-shared-tables.ts'

/** Stops a run while one tenant can reach another's data. */
export const tenantIsolation: Gate = {
  name: 'tenant_isolation',
  title: 'Tenants cannot reach each other',
  why: 'A leak that is there already would be taken for the work of the migration, or be made worse by it.',
  momentary: false,
  judge({ topology, isolation, plan, settings }, signal) {
    const planned = isolation.shared ? findNewSharedTables(plan, isolation.shared) : []
    return judgeIsolation(topology.tenants, isolation, settings.tenant_isolation, signal, planned)
  },
}
