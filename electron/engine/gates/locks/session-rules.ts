import { quoteName } from '../../../../shared/sql/quote-name.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { GateSettings } from '../../../settings/policy.ts'
import { quoteLiteral } from '../../../sql/quote-identifier.ts'
import type { Finding } from '../../checks/finding.ts'
import type { BlockingSession } from '../../ports/gate-facts.ts'

/** When a session counts as being in the way. */
export type SessionLimits = GateSettings['blocking_queries'] & {
  /** How long a migration waits for a lock before it gives up. */
  readonly lockSeconds: number
}

/** What a session does to a migration; `mayStay` says that it may yet turn out to be in the way. */
export interface JudgedSession {
  readonly finding: Finding | null
  readonly mayStay: boolean
}

/** Judges one session, or one prepared transaction, in a tenant's database. */
export function judgeSession(session: BlockingSession, limits: SessionLimits, tenant: Tenant): JudgedSession {
  if (session.gid !== null) return judgePrepared(session, session.gid, limits, tenant)
  const holds = session.locks.length > 0
  const isIdle = session.state.startsWith('idle in transaction')
  const isInTheWay =
    (holds && session.ageSeconds >= limits.lockSeconds) ||
    (isIdle && session.stateSeconds > limits.idleInTransactionSeconds) ||
    session.ageSeconds > limits.longTransactionSeconds
  if (!isInTheWay) return { finding: null, mayStay: holds }
  const fact = `pid ${session.pid} (${session.application || 'no application name'}) is ${session.state}, its transaction is ${seconds(session.ageSeconds)} old${describeLocks(session)}`
  return {
    finding: {
      verdict: 'failed',
      evidence: { tenant: tenant.name, fact },
      remedy: `Let it finish, or end it: select pg_terminate_backend(${session.pid});`,
    },
    mayStay: false,
  }
}

/** A prepared transaction keeps its locks until it is finished, whatever its age. */
function judgePrepared(
  session: BlockingSession,
  gid: string,
  limits: SessionLimits,
  tenant: Tenant,
): JudgedSession {
  // Leftovers of runs of our own are found for the whole cluster, with `lockstep recover` as their remedy.
  if (gid.startsWith('lockstep:')) return { finding: null, mayStay: false }
  if (session.ageSeconds < limits.preparedTransactionSeconds) return { finding: null, mayStay: false }
  const fact = `prepared transaction ${quoteLiteral(gid)} is ${seconds(session.ageSeconds)} old${describeLocks(session)}`
  const text = quoteLiteral(gid)
  return {
    finding: {
      verdict: 'failed',
      evidence: { tenant: tenant.name, fact },
      remedy: `In ${quoteName(tenant.database)}, after asking who prepared it: commit prepared ${text}; or rollback prepared ${text};`,
    },
    mayStay: false,
  }
}

function describeLocks({ locks }: BlockingSession): string {
  return locks.length === 0 ? '' : `, holds ${listNames(locks)}`
}

function seconds(age: number): string {
  return `${Math.max(0, Math.floor(age))} s`
}
