import type { GateName } from '../../../shared/plan/verdict.ts'

/** What there is to do in general; the answer of a gate says it with names and numbers. */
export const gateRemedies: Readonly<Partial<Record<GateName, string>>> = {
  revision_graph:
    'Merge the heads, bring back the missing revision, or name a target: lockstep plan --target REVISION',
  conflicts:
    'Rename one of the two, order the branches by a merge, or bring the tenants that differ to one form.',
  drift: 'Bring the tenant back to the form of the others, or put it under drift.quarantine with a reason.',
  lint: 'Take the safer SQL that the finding shows, or accept the finding with a reason.',
  lock_budget:
    'Split the statement, build indexes concurrently, validate constraints later, or raise the budget.',
  rewrite: 'Add a new column, fill it in portions and swap, or migrate in a quiet hour with a higher limit.',
  expected_fingerprint:
    'Look at what the tenant has that its copy had not, and rehearse again: lockstep plan --rehearse',
  reversible: 'Write the downgrade, or take a copy of the data first: snapshots.data.',
  replay_conflict:
    'End the long queries on the standby, raise max_standby_streaming_delay for the run, or choose a quiet hour.',
  capacity:
    'Raise the setting that the answer names (most need a restart), or migrate fewer tenants at once.',
  isolation_level: 'Set the level that the answer names for the role or the database: alter role ... set ...',
  replica_lag: 'Let the standby catch up, resume its replay, or repair its connection to the primary.',
  foreign_keys:
    'Repair or delete the rows that the query of the answer shows, then validate the constraint. Where row-level security holds for the login itself, nothing can be counted: give it BYPASSRLS, or waive the gate.',
  blocking_queries: 'Wait for these sessions, or end them with the statement that the answer gives.',
  tenant_isolation:
    'Revoke the grant that the answer names, or put it under gates.tenant_isolation.allow with a reason.',
}
