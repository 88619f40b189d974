import type { Failure } from '../../shared/failure/failure.ts'
import type { RunState } from '../../shared/run/run-state.ts'
import type { Report } from './report-schema.ts'

/** Every standby: whether it has followed, and whether it holds the schemas that it should. */
export function listReplicas(
  state: RunState,
  reportFailure: (failure: Failure | null) => Report['failure'],
): Report['replicas'] {
  return state.standbys.map(standby => {
    const compared = state.comparisons.filter(comparison => comparison.server === standby.server)
    return {
      server: standby.server,
      cluster: standby.cluster,
      role: state.servers.find(server => server.server === standby.server)?.role ?? null,
      caught_up: standby.caughtUp,
      ...(standby.promise === undefined ? {} : { replay: standby.promise }),
      group: standby.group,
      waited_ms: standby.waitedMs,
      lag_bytes: standby.lagBytes,
      lag_seconds: standby.lagSeconds,
      schemas_equal: compared.filter(comparison => comparison.equal).length,
      schemas_different: compared
        .filter(comparison => !comparison.equal)
        .map(({ tenant, objects }) => ({ tenant, objects: [...objects] })),
      failure: reportFailure(standby.failure),
    }
  })
}
