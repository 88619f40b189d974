import { describeFailure } from '../failure/describe-failure.ts'
import type { Failure } from '../failure/failure.ts'
import { assertNever } from '../text/assert-never.ts'
import type { Volatile } from '../text/volatile.ts'
import { changeTenant, finishTenant, readIdentity } from './change-tenant.ts'
import { lasting } from './event-phrases.ts'
import { aboutTenant, defineEvent, type OfTenant } from './event-spec.ts'
import type { TenantState } from './run-state.ts'

/** How a tenant's transaction ended, and how it was settled. */
export const voteEvents = {
  /** A `yes` is durable in the database already: the transaction is prepared (atomic) or committed (independent). */
  'tenant.voted': defineEvent<
    OfTenant<'gid' | 'xid' | 'durationMs'> & {
      vote: 'yes' | 'no'
      failure: Failure | null
      fingerprint: string | null
    }
  >({
    source: 'migration',
    level: ({ vote }) => (vote === 'no' ? 'error' : 'info'),
    isCause: ({ failure }) => failure?.kind !== 'cancelled',
    visibility: ({ vote }) => (vote === 'no' ? 'always' : 'few_tenants'),
    timing: 'progress',
    subject: aboutTenant,
    words: fact =>
      fact.vote === 'yes'
        ? `tenant ${fact.tenant} voted yes${lasting(fact)}`
        : `tenant ${fact.tenant} voted no${fact.failure ? `: ${describeFailure(fact.failure).what}` : ''}`,
    fold: (state, { tenant, group, vote, failure, fingerprint, volatile, at }) =>
      changeTenant(state, tenant, before => {
        const known = { ...before, ...readIdentity(before, volatile), voting: false }
        if (vote === 'no') return { ...finishTenant(known, 'failed', at), failure }
        const mode = state.groups.find(one => one.group === group)?.mode ?? 'atomic'
        // Also in an atomic group, steps that cannot run in a transaction commit at once: they have no gid.
        const isPrepared = mode === 'atomic' && volatile.gid !== null
        const voted = { ...known, fingerprintAfter: fingerprint ?? known.fingerprintAfter }
        return isPrepared ? { ...voted, status: 'prepared' } : finishTenant(voted, 'committed', at)
      }),
  }),

  'tenant.committed': defineEvent<OfTenant>({
    source: 'migration',
    level: 'info',
    visibility: 'few_tenants',
    subject: aboutTenant,
    words: ({ tenant }) => `tenant ${tenant} committed`,
    fold: (state, { tenant, at }) =>
      changeTenant(state, tenant, known => finishTenant(known, 'committed', at)),
  }),

  'tenant.rolled_back': defineEvent<OfTenant & { how: 'transaction' | 'prepared' }>({
    source: 'migration',
    level: 'info',
    visibility: 'few_tenants',
    timing: 'progress',
    subject: aboutTenant,
    words: ({ tenant, how }) =>
      `tenant ${tenant} rolled back${how === 'prepared' ? ' its prepared transaction' : ''}`,
    fold: (state, { tenant, how, at }) =>
      changeTenant(state, tenant, known => ({ ...rollBack(known, at), rolledBack: how })),
  }),

  /** A tenant whose state could not be settled or proven. */
  'tenant.unsettled': defineEvent<OfTenant & { failure: Failure }>({
    source: 'migration',
    level: 'error',
    isCause: true,
    visibility: 'always',
    subject: aboutTenant,
    words: ({ tenant, failure }) => `tenant ${tenant} is unsettled: ${describeFailure(failure).what}`,
    fold: (state, { tenant, failure, at }) =>
      changeTenant(state, tenant, known => ({ ...finishTenant(known, 'unsettled', at), failure })),
  }),

  'recovery.settled': defineEvent<{ tenant: string; how: Settlement; volatile: Volatile }>({
    source: 'engine',
    level: 'warning',
    visibility: 'few_tenants',
    subject: aboutTenant,
    words: ({ tenant, how }) => `tenant ${tenant} ${describeSettlement(how)}`,
    fold: (state, { tenant, how, at }) => changeTenant(state, tenant, known => settleTenant(known, how, at)),
  }),
}

type Settlement = 'rolled_forward' | 'rolled_back' | 'already_committed' | 'already_rolled_back'

function describeSettlement(how: Settlement): string {
  switch (how) {
    case 'rolled_forward':
      return 'rolled forward: the decision to commit was on record'
    case 'rolled_back':
      return 'rolled back: no decision to commit was on record'
    case 'already_committed':
      return 'had committed already'
    case 'already_rolled_back':
      return 'had been rolled back already'
    default:
      return assertNever(how)
  }
}

function settleTenant(tenant: TenantState, how: Settlement, at: string): TenantState {
  switch (how) {
    case 'rolled_forward':
    case 'already_committed':
      return { ...finishTenant(tenant, 'committed', at), failure: null }
    case 'rolled_back':
    case 'already_rolled_back':
      return { ...rollBack(tenant, at), rolledBack: 'recovery' }
    default:
      return assertNever(how)
  }
}

function rollBack(tenant: TenantState, at: string): TenantState {
  return finishTenant(tenant, tenant.failure === null ? 'rolled_back' : 'failed', at)
}
