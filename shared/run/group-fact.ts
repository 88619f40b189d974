import type { Failure } from '../failure/failure.ts'
import type { GroupMode } from '../plan/plan.ts'
import type { Volatile } from '../text/volatile.ts'

export type GroupResult = 'committed' | 'rolled_back' | 'partial' | 'unsettled' | 'skipped'

/** What happens to the tenants of a group, from its start to its end. */
export type GroupFact =
  | {
      readonly type: 'group.started'
      readonly group: string
      readonly mode: GroupMode
      readonly tenants: readonly string[]
      readonly volatile: Volatile
    }
  | {
      readonly type: 'tenant.started'
      readonly group: string
      readonly tenant: string
      readonly from: readonly string[]
      readonly to: readonly string[]
      readonly volatile: Volatile
    }
  | {
      readonly type: 'statement.executed'
      readonly group: string
      readonly tenant: string
      readonly revision: string
      readonly index: number
      readonly sql: string
      readonly volatile: Volatile
    }
  | {
      readonly type: 'revision.applied'
      readonly group: string
      readonly tenant: string
      readonly revision: string
      readonly volatile: Volatile
    }
  /** The last statement before PREPARE or COMMIT is next; `volatile` holds the gid and the transaction id. */
  | {
      readonly type: 'tenant.voting'
      readonly group: string
      readonly tenant: string
      readonly volatile: Volatile
    }
  /** A `yes` is durable in the database already: the transaction is prepared (atomic) or committed (independent). */
  | {
      readonly type: 'tenant.voted'
      readonly group: string
      readonly tenant: string
      readonly vote: 'yes' | 'no'
      readonly failure: Failure | null
      readonly fingerprint: string | null
      readonly volatile: Volatile
    }
  /** The decision record: on disk before the first `commit prepared` is sent. */
  | {
      readonly type: 'group.decided'
      readonly group: string
      readonly decision: 'commit' | 'rollback'
      readonly failure: Failure | null
    }
  | {
      readonly type: 'tenant.committed'
      readonly group: string
      readonly tenant: string
      readonly volatile: Volatile
    }
  | {
      readonly type: 'tenant.rolled_back'
      readonly group: string
      readonly tenant: string
      readonly how: 'transaction' | 'prepared'
      readonly volatile: Volatile
    }
  /** A tenant whose state could not be settled or proven. */
  | {
      readonly type: 'tenant.unsettled'
      readonly group: string
      readonly tenant: string
      readonly failure: Failure
      readonly volatile: Volatile
    }
  | {
      readonly type: 'group.finished'
      readonly group: string
      readonly result: GroupResult
      readonly volatile: Volatile
    }
