import { raiseLimit } from '../../../../shared/failure/connection-limit.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Finding } from '../../checks/finding.ts'
import { fewestConnections } from '../../context/most-at-once.ts'
import type { ServerCapacity } from '../../ports/gate-facts.ts'

/** Judges whether the connections that are left suffice: with fewer than are wanted a run takes longer, with too few it cannot be. */
export function judgeConnections(primary: ServerCapacity, wanted: number, spare: number): Finding {
  const left = Math.max(0, primary.maxConnections - primary.reservedConnections - primary.usedConnections)
  const least = leastOf(wanted)
  const need = describeNeed(wanted, Math.max(0, left - spare))
  const fact = `${countOf(left, 'connection')} free of ${primary.maxConnections}, ${need} and ${spare} to spare`
  return {
    verdict: left >= least + spare ? 'passed' : 'failed',
    evidence: { server: primary.server, fact },
    remedy: `End sessions on ${primary.server}, lower gates.capacity.spareConnections, or on ${primary.server}: alter system set max_connections = ${primary.maxConnections + wanted + spare - left}; then restart it (standbys first).`,
  }
}

/** Judges whether the limits of the role and of each database leave room for a run; none where nothing is limited. */
export function judgeConnectionLimits(
  { server, connectionLimits }: Pick<ServerCapacity, 'server' | 'connectionLimits'>,
  needed: { readonly connections: number; readonly byDatabase: ReadonlyMap<string, number> },
): readonly Finding[] {
  return connectionLimits.flatMap(({ of, name, limit, used }): readonly Finding[] => {
    const wanted = of === 'role' ? needed.connections : (needed.byDatabase.get(name) ?? 0)
    if (wanted === 0) return []
    const least = of === 'role' ? leastOf(wanted) : wanted
    const need = of === 'role' ? describeNeed(wanted, Math.max(0, limit - used)) : `${wanted} needed`
    const fact = `the ${of} ${name} has a limit of ${countOf(limit, 'connection')}, ${used} in use by others and ${need}`
    return [
      {
        verdict: limit - used >= least ? 'passed' : 'failed',
        evidence: { server, fact },
        remedy: `On ${server}: ${raiseLimit({ of, name }, used + wanted)}`,
      },
    ]
  })
}

function leastOf(wanted: number): number {
  return Math.min(wanted, fewestConnections)
}

function describeNeed(wanted: number, found: number): string {
  if (found >= wanted) return `${wanted} needed`
  return found >= leastOf(wanted)
    ? `${wanted} wanted (fewer tenants at once with ${found})`
    : `at least ${leastOf(wanted)} needed`
}

/** Judges whether the locks of the busiest moment fit into the allowed share of the lock table. */
export function judgeLockTable(primary: ServerCapacity, needed: number, share: number): Finding {
  const size = primary.maxLocksPerTransaction * (primary.maxConnections + primary.maxPreparedTransactions)
  const allowed = Math.floor(size * share)
  const wanted = Math.ceil(needed / share / (primary.maxConnections + primary.maxPreparedTransactions))
  return {
    verdict: needed <= allowed ? 'passed' : 'failed',
    evidence: {
      server: primary.server,
      fact: `about ${countOf(needed, 'lock')} held at once; the lock table has room for ${size}, ${allowed} may be used`,
    },
    remedy: `Use vote: group with smaller groups, or on every standby and then on ${primary.server}: alter system set max_locks_per_transaction = ${wanted}; and restart.`,
  }
}

/** Judges whether every tenant of a vote can be prepared, on the primary and (after a promotion) on the standbys. */
export function judgePreparedSlots(
  primary: ServerCapacity,
  standbys: readonly ServerCapacity[],
  needed: number,
): readonly Finding[] {
  if (needed === 0) return []
  const wanted = needed + primary.usedPreparedTransactions
  const remedy = `On each standby first, then on ${primary.server}: alter system set max_prepared_transactions = ${Math.max(wanted, primary.maxPreparedTransactions)}; and restart it. Or choose mode: independent for the group.`
  const free = primary.maxPreparedTransactions - primary.usedPreparedTransactions
  const fact =
    primary.maxPreparedTransactions === 0
      ? `max_prepared_transactions is 0, so nothing can be prepared; ${countOf(needed, 'slot')} needed`
      : `${countOf(free, 'prepared slot')} free of ${primary.maxPreparedTransactions}, ${needed} needed`
  return [
    {
      verdict: free >= needed ? 'passed' : 'failed',
      evidence: { server: primary.server, fact },
      remedy,
    },
    ...standbys.map((standby): Finding => {
      const least = Math.max(wanted, primary.maxPreparedTransactions)
      return {
        verdict: standby.maxPreparedTransactions >= least ? 'passed' : 'failed',
        evidence: {
          server: standby.server,
          fact: `max_prepared_transactions is ${standby.maxPreparedTransactions}, at least ${least} needed to follow the primary`,
        },
        remedy,
      }
    }),
  ]
}

/** Judges the free disk space; where it cannot be seen from here that is said, and nothing is stopped. */
export function judgeDisk(server: ServerCapacity, least: number): Finding {
  if (server.freeDiskBytes === null) {
    return {
      verdict: 'passed',
      evidence: { server: server.server, fact: 'free disk space cannot be seen from here' },
      remedy: '',
    }
  }
  const enough = server.freeDiskBytes >= least
  return {
    verdict: enough ? 'passed' : 'failed',
    evidence: {
      server: server.server,
      fact: `${megabytes(server.freeDiskBytes)} of disk free, at least ${megabytes(least)} wanted`,
    },
    remedy: `Free disk space for the data directory of ${server.server}, or lower gates.capacity.minFreeDiskBytes.`,
  }
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`
}
