import { assertNever } from '../text/assert-never.ts'
import { changeItem } from '../text/change-item.ts'
import { countOf } from '../text/plain-words.ts'
import { readVolatileText, type Volatile } from '../text/volatile.ts'
import { changeTenant, finishTenant, isUnderWay } from './change-tenant.ts'
import { aboutRun, aboutTenant, defineEvent, type RunEnvelope } from './event-spec.ts'
import type { RollbackProposal } from './rollback.ts'
import type { RunState } from './run-state.ts'

export interface RestoringTenant {
  readonly group: string
  readonly tenant: string
  readonly step: 'prepared' | 'closed' | 'swapped' | 'reopened' | 'discarded'
  /** Names of databases. */
  readonly volatile: Volatile<'prepared' | 'kept'>
}

export interface ProvenRollback {
  readonly tenant: string
  readonly equal: boolean
  readonly before: string
  readonly found: string
  /** What differs, or the last error where it could not be read. */
  readonly why?: string
}

/** What undoing a run does, and whether tenants are as they were. */
export const rollbackEvents = {
  /** What undoing a run would do, and where each tenant returns to. */
  'rollback.proposed': defineEvent<{ proposal: RollbackProposal }>({
    source: 'engine',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ proposal }) =>
      `rollback of run ${proposal.runId} proposed for ${countOf(proposal.tenants.length, 'tenant')}: ${describeWays(proposal)}`,
    fold: (state, { proposal }) => ({ ...state, proposal }),
  }),

  /** A copy takes the place of a tenant's database. */
  'tenant.restoring': defineEvent<RestoringTenant>({
    source: 'server',
    level: 'info',
    visibility: 'few_tenants',
    subject: aboutTenant,
    words: fact => `tenant ${fact.tenant} ${describeRestoring(fact)}`,
    fold: state => state,
  }),

  /** After a rollback: the fingerprint found, compared with the one taken before. */
  'rollback.proven': defineEvent<ProvenRollback>({
    source: 'server',
    level: ({ equal }) => (equal ? 'info' : 'error'),
    isCause: true,
    visibility: ({ equal }) => (equal ? 'few_tenants' : 'always'),
    subject: aboutTenant,
    words: ({ tenant, equal, before, found, why }) =>
      equal
        ? `tenant ${tenant} is proven to be as it was`
        : `tenant ${tenant} is not proven to be as it was: ${before.slice(0, 12)} before, ${found.slice(0, 12)} now${why === undefined ? '' : ` (${why})`}`,
    fold: proveRollback,
  }),
}

function describeWays({ tenants }: RollbackProposal): string {
  const ways = ['downgrade', 'snapshot', 'none'] as const
  const counts = ways.map(way => [way, tenants.filter(one => one.way === way).length] as const)
  const named = counts.filter(([, number]) => number > 0).map(([way, number]) => `${number} by ${way}`)
  return named.join(', ') || 'nobody'
}

function describeRestoring({ step, volatile }: RestoringTenant): string {
  const name = (key: 'prepared' | 'kept'): string => readVolatileText(volatile, key) ?? 'a copy'
  switch (step) {
    case 'prepared':
      return `gets a restored copy beside it: ${name('prepared')}`
    case 'closed':
      return 'takes no new sessions'
    case 'swapped':
      return `is the restored copy now; what it was is kept as ${name('kept')}`
    case 'reopened':
      return 'takes sessions again'
    case 'discarded':
      return `keeps its database; the copy beside it is removed: ${name('prepared')}`
    default:
      return assertNever(step)
  }
}

/** Notes whether a tenant is as it was; one that was under way when its process died has been rolled back then. */
function proveRollback(state: RunState, event: RunEnvelope & ProvenRollback): RunState {
  const { tenant, equal, before, found, at } = event
  const proofs = changeItem(
    state.proofs,
    proof => proof.tenant === tenant,
    () => ({ tenant, equal, before, found }),
  )
  const proven = { ...state, proofs }
  if (!equal) return proven
  return changeTenant(proven, tenant, one =>
    isUnderWay(one) ? { ...finishTenant(one, 'rolled_back', at), rolledBack: 'proven' } : one,
  )
}
