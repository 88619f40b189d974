import { nameGate } from '../../../settings/gate-specs.ts'
import type { Gate } from '../../checks/gate.ts'
import { judgeIsolation } from './judge-isolation.ts'
import { findNewSharedTables } from './new-shared-tables.ts'

/** Stops a run while one tenant can reach another's data. */
export const tenantIsolation: Gate = {
  ...nameGate('tenant_isolation'),
  judge({ topology, isolation, plan, settings }, signal) {
    const planned = isolation.shared ? findNewSharedTables(plan, isolation.shared) : []
    return judgeIsolation(topology.tenants, isolation, settings.tenant_isolation, signal, planned)
  },
}
