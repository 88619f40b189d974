import type { SmokeTest } from '../checks/smoke-test.ts'
import { judgeIsolation } from '../gates/isolation/judge-isolation.ts'

/** Proves again, on the new schema, that no tenant reaches another: grants of a migration are the usual leak. */
export function createIsolationTest(): SmokeTest {
  return {
    name: 'tenant_isolation',
    momentary: false,
    judge({ topology, isolation, settings }, signal) {
      return judgeIsolation(topology.tenants, isolation, settings.tenant_isolation, signal)
    },
  }
}
