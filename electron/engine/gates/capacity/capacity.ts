import { toFailure } from '../../../../shared/failure/failure.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Cluster } from '../../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import { nameFailure } from '../../checks/name-failure.ts'
import type { ServerCapacity } from '../../ports/gate-facts.ts'
import { clustersOf, listMigratingTenants, type MigratingTenant } from '../../routes/migrating-tenants.ts'
import { askAboutTables, touchedTables } from '../locks/touched-tables.ts'
import {
  type CapacityNeeds,
  sumCapacityNeeds,
  sumConnectionsByDatabase,
  type TenantLoad,
} from './capacity-needs.ts'
import {
  judgeConnectionLimits,
  judgeConnections,
  judgeDisk,
  judgeLockTable,
  judgePreparedSlots,
} from './capacity-rules.ts'

/** Stops a run that would fill a server: connections, locks, prepared transactions, disk. */
export const capacity: Gate = {
  ...nameGate('capacity'),
  async judge(context, signal) {
    const tenants = listMigratingTenants(context)
    const clusters = clustersOf(tenants, context.topology.clusters)
    const judged = await mapConcurrently(clusters, 4, cluster =>
      judgeCluster(context, cluster, tenants, signal),
    )
    const value = judged.map(({ needs }) => describeNeeds(needs)).join('; ') || 'nothing to migrate'
    const threshold = describeThreshold(context)
    if (judged.length === 0) return { verdict: 'not_applicable', value, threshold, evidence: [], remedy: '' }
    return answerFromFindings(
      judged.flatMap(({ findings }) => findings),
      { value, threshold },
    )
  },
}

async function judgeCluster(
  context: GateContext,
  cluster: Cluster,
  tenants: readonly MigratingTenant[],
  signal: AbortSignal,
): Promise<{ readonly needs: CapacityNeeds; readonly findings: readonly Finding[] }> {
  const members = tenants.filter(member => member.tenant.cluster === cluster.name)
  const loads = await mapConcurrently(members, 4, member => measureLoad(context, member, signal))
  const needs = sumCapacityNeeds(loads, context.plan.vote, context.execution)
  const byDatabase = sumConnectionsByDatabase(loads, context.plan.vote, context.execution)
  const limits = context.settings.capacity
  const primary = await context.facts.readCapacity(cluster.primary.server, signal)
  const standbys = await mapConcurrently(cluster.standbys, 4, standby =>
    readStandby(context, standby.server, signal),
  )
  const seen = standbys.filter(standby => 'maxConnections' in standby)
  return {
    needs,
    findings: [
      judgeConnections(primary, needs.connections, limits.spareConnections),
      ...judgeConnectionLimits(primary, { connections: needs.connections, byDatabase }),
      judgeLockTable(primary, needs.locks, limits.maxLockTableShare),
      ...judgePreparedSlots(primary, seen, needs.preparedSlots),
      judgeDisk(primary, limits.minFreeDiskBytes),
      ...seen.map(standby => judgeDisk(standby, limits.minFreeDiskBytes)),
      ...standbys.filter(standby => 'evidence' in standby),
    ],
  }
}

async function measureLoad(
  context: GateContext,
  { tenant, group, route }: MigratingTenant,
  signal: AbortSignal,
): Promise<TenantLoad> {
  const relations = await askAboutTables(touchedTables(route), 0, tables =>
    context.facts.countLockTargets(tenant, tables, signal),
  )
  // What a statement creates is locked too: a table, its toast table and their indexes.
  const statements = route.steps.reduce((total, step) => total + Math.max(1, step.statements.length), 0)
  return {
    database: tenant.database,
    group: group.name,
    mode: group.mode,
    parallel: group.parallel,
    locks: relations + statements * locksPerStatement,
  }
}

const locksPerStatement = 4

async function readStandby(
  { facts }: GateContext,
  server: string,
  signal: AbortSignal,
): Promise<ServerCapacity | Finding> {
  try {
    return await facts.readCapacity(server, signal)
  } catch (error) {
    return {
      verdict: 'inconclusive',
      evidence: { server, fact: `could not be asked for its room: ${nameFailure(toFailure(error))}` },
      remedy: 'lockstep doctor',
    }
  }
}

function describeNeeds({ connections, preparedSlots, locks }: CapacityNeeds): string {
  return `needs ${countOf(connections, 'connection')}, ${countOf(preparedSlots, 'prepared slot')}, ${countOf(locks, 'lock')}`
}

function describeThreshold({ settings: { capacity } }: GateContext): string {
  const share = Math.round(capacity.maxLockTableShare * 100)
  return `${countOf(capacity.spareConnections, 'connection')} to spare, at most ${share} % of the lock table`
}
