import type { Cluster } from '../../../../shared/topology/topology.ts'
import { describeUndeclared } from '../../../discovery/describe-undeclared.ts'
import type { GateSettings } from '../../../settings/policy.ts'
import type { Finding } from '../../checks/finding.ts'

/** Standbys that stream and are not declared: they are not waited for, and nothing is proven of them. */
export function judgeUndeclared(
  { undeclared = [] }: Cluster,
  { undeclared: meaning, accept }: GateSettings['replica_lag'],
): readonly Finding[] {
  return undeclared
    .filter(one => !accept.includes(one.applicationName) && !accept.includes(one.clientAddress ?? ''))
    .map(one => ({
      verdict: meaning === 'fail' ? 'failed' : 'warned',
      evidence: { server: one.sender, fact: describeUndeclared(one) },
      remedy: one.isCertain
        ? 'Add it to servers in lockstep.yml (role: standby), or accept it by name or address: gates.replica_lag.accept.'
        : 'grant pg_monitor to the login, so that it can be told apart; or accept it: gates.replica_lag.accept.',
    }))
}
