import { nameGate } from '../../../settings/gate-specs.ts'
import type { Gate } from '../../checks/gate.ts'
import { judgeIsolation } from './judge-isolation.ts'
import { findNewSharedTables } from './new-shared-tables.ts'

/** Stops a run while one tenant can reach another's data. */
export const tenantIsolation: Gate = {
  ...nameGate('tenant_isolation'),
  async judge({ topology, isolation, plan, settings, parser }, signal) {
    const planned = isolation.shared ? await findNewSharedTables(plan, isolation.shared, parser) : []
    return judgeIsolation(topology.tenants, isolation, settings.tenant_isolation, signal, planned)
  },
}
