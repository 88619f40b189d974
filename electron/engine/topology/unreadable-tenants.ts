import { findConnectionLimit } from '../../../shared/failure/connection-limit.ts'
import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { Tenant, UnreadableTenant } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'

/** A tenant with the failure that keeps us from reading it, as a failure of several tenants lists it. */
export function withoutCluster({
  tenant,
  failure,
}: UnreadableTenant): Pick<UnreadableTenant, 'tenant' | 'failure'> {
  return { tenant, failure }
}

/**
 * Reads something of each tenant, and says who cannot be read.
 *
 * What fails for every one of several tenants is thrown: then it is no matter of one of them.
 */
export async function readEach<T>(
  tenants: readonly Tenant[],
  read: (tenant: Tenant) => Promise<T>,
  signal: AbortSignal,
): Promise<{ readonly read: readonly T[]; readonly unreadable: readonly UnreadableTenant[] }> {
  const unreadable: UnreadableTenant[] = []
  const answers = await mapConcurrently(tenants, 8, async tenant => {
    try {
      return [await read(tenant)]
    } catch (error) {
      const failure = toFailure(error)
      if (signal.aborted || !isOfOneTenant(failure)) throw error
      unreadable.push({ tenant: tenant.name, cluster: tenant.cluster, failure })
      return []
    }
  })
  const order = tenants.map(tenant => tenant.name)
  unreadable.sort((one, other) => order.indexOf(one.tenant) - order.indexOf(other.tenant))
  const [first] = unreadable
  if (first && tenants.length > 1 && unreadable.length === tenants.length)
    throw new LockstepError(first.failure)
  return { read: answers.flat(), unreadable }
}

/**
 * Waits for several answers about one tenant; of several failures the server's own word on the tenant is thrown.
 *
 * A driver of the project may know no more than that it could not connect.
 */
export async function settleTogether<T extends readonly unknown[]>(
  asked: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const settled = await Promise.allSettled(asked)
  const errors = settled.flatMap(one => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (errors.length > 0) throw errors.find(error => toFailure(error).kind === 'database_error') ?? errors[0]
  return Promise.all(asked) as unknown as Promise<T>
}

/** Whether a failure is one tenant's own; everything else may be in the way of all of them. */
export function isOfOneTenant(failure: Failure): boolean {
  // libpq gives no SQLSTATE for a login that was refused; a server that is away refuses every tenant.
  if (failure.kind === 'server_unreachable') return failure.code === 'CONNECTION_FAILED'
  // The limit of a role or a server concerns every tenant.
  if (failure.kind === 'database_error' && failure.sqlstate === '53300')
    return findConnectionLimit(failure.message)?.of === 'database'
  return ['database_error', 'authentication_failed', 'database_missing', 'database_closed'].includes(
    failure.kind,
  )
}
