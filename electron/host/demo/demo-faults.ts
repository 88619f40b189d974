/** A fault that the demo can inject, and what Lockstep must make of it. */
export interface DemoFault {
  readonly name: string
  readonly story: string
  readonly expected: string
  /** Exit codes that are right. */
  readonly exitCodes: readonly number[]
}

/** Every fault of `lockstep demo --fault NAME`, in the order of the help. */
export const demoFaults = [
  { name: 'none', story: 'nothing is wrong', expected: 'every tenant migrates', exitCodes: [0] },
  {
    name: 'duplicate-rows',
    story: 'one tenant has rows that break the new unique constraint',
    expected: 'every tenant is rolled back, fingerprints before = after',
    exitCodes: [5],
  },
  {
    name: 'orphan-rows',
    story: 'a foreign key is NOT VALID and hides an orphan',
    expected: 'stopped by foreign_keys',
    exitCodes: [3],
  },
  {
    name: 'blocking-query',
    story: 'a report holds a lock on a table of the plan',
    expected: 'stopped by blocking_queries',
    exitCodes: [3],
  },
  {
    name: 'lagging-replica',
    story: 'a standby applies commits an hour late',
    expected: 'stopped by replica_lag',
    exitCodes: [3],
  },
  {
    name: 'paused-replica',
    story: 'replay is paused on a standby',
    expected: 'stopped by replica_lag',
    exitCodes: [3],
  },
  {
    name: 'replica-down',
    story: 'a standby does not answer',
    expected: 'stopped by replica_lag',
    exitCodes: [3],
  },
  {
    name: 'wrong-replica',
    story: 'a declared standby belongs to another cluster',
    expected: 'stopped by replica_lag',
    exitCodes: [3],
  },
  {
    name: 'two-heads',
    story: 'two revisions follow the same one',
    expected: 'stopped by revision_graph',
    exitCodes: [3],
  },
  {
    name: 'edited-migration',
    story: 'an applied SQL file was edited',
    expected: 'stopped by revision_graph',
    exitCodes: [3],
  },
  {
    name: 'no-prepared-slots',
    story: 'max_prepared_transactions is 0',
    expected: 'stopped by capacity',
    exitCodes: [3],
  },
  {
    name: 'leaky-tenant',
    story: "one tenant's role may read another tenant",
    expected: 'stopped by tenant_isolation, the grant named',
    exitCodes: [3],
  },
  {
    name: 'crash-before-decision',
    story: 'the process is killed when every tenant has voted',
    expected: 'recover rolls back',
    exitCodes: [5],
  },
  {
    name: 'crash-after-decision',
    story: 'the process is killed when the decision is on disk',
    expected: 'recover rolls forward',
    exitCodes: [0],
  },
  {
    name: 'server-crash',
    story: 'the primary is killed while tenants are prepared',
    expected: 'recover decides from the record',
    exitCodes: [5, 0],
  },
  {
    name: 'second-run',
    story: 'a second run starts while the first is at work',
    expected: 'the second is refused',
    exitCodes: [7],
  },
] as const satisfies readonly DemoFault[]

export type DemoFaultName = (typeof demoFaults)[number]['name']

/** Says whether a word names a fault. */
export function isDemoFault(name: string): name is DemoFaultName {
  return demoFaults.some(fault => fault.name === name)
}
