import { countOf } from '../../../../shared/text/plain-words.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import { parseGid } from '../../../naming/gid.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import type { BlockingSession } from '../../ports/gate-facts.ts'
import { clustersOf, listMigratingTenants, type MigratingTenant } from '../../routes/migrating-tenants.ts'
import { findLeftovers } from './leftover-transactions.ts'
import { judgeSession } from './session-rules.ts'
import { touchedTables } from './touched-tables.ts'

const lookAgainMs = 200

/** Stops a run that would wait behind another session, with all others waiting behind it. */
export const blockingQueries: Gate = {
  ...nameGate('blocking_queries'),
  async judge(context, signal) {
    const tenants = listMigratingTenants(context)
    const threshold = describeThreshold(context)
    if (tenants.length === 0) {
      return { verdict: 'not_applicable', value: 'no tenant to migrate', threshold, evidence: [], remedy: '' }
    }
    const found = await mapConcurrently(tenants, 4, member => watchTenant(context, member, signal))
    const clusters = clustersOf(tenants, context.topology.clusters)
    const leftovers = await mapConcurrently(clusters, 4, cluster =>
      findLeftovers(context, cluster.primary.server, signal),
    )
    const findings = [...found.flat(), ...leftovers.flat()]
    const value = `${countOf(findings.length, 'blocker')}, ${countOf(tenants.length, 'tenant')} looked at`
    if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
    return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
  },
}

/**
 * Looks until no session holds a lock on a touched table, or one has held it for longer than a migration would wait:
 * an application's short transactions are no reason to stop.
 */
async function watchTenant(
  context: GateContext,
  { tenant, route }: MigratingTenant,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { facts, execution, clock, settings, runId } = context
  const touched = touchedTables(route)
  const tables = touched.kind === 'named' ? touched.tables : []
  const limits = { ...settings.blocking_queries, lockSeconds: execution.lockTimeoutSeconds }
  const until = clock.monotonicMs() + execution.lockTimeoutSeconds * 1000 + lookAgainMs
  for (;;) {
    const sessions = await facts.readBlockingSessions(tenant, tables, signal)
    const strangers = sessions
      .filter(session => !isOfRun(session, runId))
      // An empty list means every table to the port; a route that is known to touch none has no locks to wait for.
      .map(session => (touched.kind === 'named' && tables.length === 0 ? { ...session, locks: [] } : session))
    const judged = strangers.map(session => ({ session, ...judgeSession(session, limits, tenant) }))
    const isWaiting = judged.some(one => one.finding === null && one.mayStay)
    if (!isWaiting || clock.monotonicMs() >= until || signal.aborted) {
      return judged.flatMap(one => (one.finding ? [one.finding] : []))
    }
    await clock.sleep(lookAgainMs, signal)
  }
}

function isOfRun({ gid }: BlockingSession, runId: string): boolean {
  return gid !== null && parseGid(gid)?.runId === runId
}

function describeThreshold({ settings, execution }: GateContext): string {
  const { longTransactionSeconds, idleInTransactionSeconds } = settings.blocking_queries
  return `no lock on a touched table for ${execution.lockTimeoutSeconds} s, no transaction over ${longTransactionSeconds} s, none idle over ${idleInTransactionSeconds} s`
}
