import type { DemoFaultName } from '../../electron/host/demo/demo-faults.ts'
import type { GateName } from '../../shared/plan/verdict.ts'

/** What the demo must make of a fault, besides its exit code. */
export type DemoExpectation =
  | { readonly kind: 'migrated' }
  /** Stopped by this gate, with these words in its evidence or remedy. */
  | { readonly kind: 'stopped'; readonly gate: GateName; readonly cause: readonly RegExp[] }
  /** Everything undone and proven; the words are the failure's. */
  | { readonly kind: 'rolled_back'; readonly cause: readonly RegExp[] }
  /** Settled by `recover`: forward where a decision is on record, back everywhere else. */
  | { readonly kind: 'recovered'; readonly outcomes: readonly ('migrated' | 'rolled_back')[] }
  | { readonly kind: 'refused' }

/** What is expected of each fault: which gate or failure names the cause, and how. */
export const demoExpectations: Readonly<Record<DemoFaultName, DemoExpectation>> = {
  none: { kind: 'migrated' },
  'duplicate-rows': {
    kind: 'rolled_back',
    cause: [
      /customers_email_key/,
      /dogwood/,
      /Key \(email\)=\(\.\.\.\) is duplicated/,
      /having count\(\*\) > 1/,
    ],
  },
  'orphan-rows': {
    kind: 'stopped',
    gate: 'foreign_keys',
    cause: [/order_items_order_id_fkey \(not valid\): 1 row without a parent/],
  },
  'blocking-query': {
    kind: 'stopped',
    gate: 'blocking_queries',
    cause: [/nightly-report/, /public\.customers:AccessShareLock/, /pg_terminate_backend/],
  },
  'lagging-replica': {
    kind: 'stopped',
    gate: 'replica_lag',
    cause: [/applies WAL 1 h 0 min late by its own setting/, /standby-1/],
  },
  'paused-replica': {
    kind: 'stopped',
    gate: 'replica_lag',
    cause: [/replay is paused/, /pg_wal_replay_resume/],
  },
  'replica-down': { kind: 'stopped', gate: 'replica_lag', cause: [/standby-2 cannot be reached/] },
  'wrong-replica': {
    kind: 'stopped',
    gate: 'replica_lag',
    cause: [/belongs to another cluster: its system identifier is \d+/, /standby-2/],
  },
  'two-heads': {
    kind: 'stopped',
    gate: 'revision_graph',
    cause: [/alembic merge -m "merge heads" 0003 0004/],
  },
  'edited-migration': {
    kind: 'stopped',
    gate: 'revision_graph',
    cause: [/0002_billing\.up\.sql/, /was applied as [0-9a-f]{12} and is [0-9a-f]{12} now/],
  },
  'no-prepared-slots': {
    kind: 'stopped',
    gate: 'capacity',
    cause: [/max_prepared_transactions is 0/, /alter system set max_prepared_transactions/],
  },
  'leaky-tenant': {
    kind: 'stopped',
    gate: 'tenant_isolation',
    cause: [/role birch_app reaches table public\.customers of tenant elm: SELECT granted to it/],
  },
  'crash-before-decision': { kind: 'recovered', outcomes: ['rolled_back'] },
  'crash-after-decision': { kind: 'recovered', outcomes: ['migrated'] },
  'server-crash': { kind: 'recovered', outcomes: ['rolled_back', 'migrated'] },
  'second-run': { kind: 'refused' },
}
