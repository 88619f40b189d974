import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import type { Cluster, Topology } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import type { ReplayResult } from '../ports/servers.ts'
import { type ComparedSchemas, compareFingerprints } from './compare-fingerprints.ts'

/** Waits until every standby has replayed the group's commits, then compares schemas; the failures found, or none. */
export async function checkReplicas(
  context: ExecutionContext,
  group: PlannedGroup,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  return (await compareReplicaSchemas(context, group, signal)).failures
}

/** The same, and what each tenant's schema is now; schemas are not read where a standby has stayed behind. */
export async function compareReplicaSchemas(
  context: ExecutionContext,
  group: PlannedGroup,
  signal: AbortSignal,
): Promise<ComparedSchemas> {
  const members = new Set(group.tenants.map(planned => planned.cluster))
  const clusters = context.topology.clusters.filter(cluster => members.has(cluster.name))
  const behind = await mapConcurrently(clusters, 4, cluster =>
    waitForStandbys(context, group, cluster, signal),
  )
  if (behind.flat().length > 0) return { failures: behind.flat(), fingerprints: new Map() }
  return compareFingerprints(context, group, signal)
}

/** What is known of a group's standbys once they were checked, for the end of the phase. */
export function describeReplicas(
  topology: Topology,
  group: PlannedGroup,
  failures: readonly Failure[],
): string {
  if (failures.length > 0) return countOf(failures.length, 'finding')
  const members = new Set(group.tenants.map(planned => planned.cluster))
  const standbys = topology.clusters.flatMap(({ name, standbys }) => (members.has(name) ? standbys : []))
  if (standbys.length === 0) return 'there is no standby'
  const late = standbys.filter(({ declaredReplay }) => declaredReplay !== undefined).map(one => one.server)
  if (late.length === 0) return 'every standby has the group and its schema'
  const whoIsLate = `${listNames(late)} ${late.length === 1 ? 'is' : 'are'} late on purpose, and not compared`
  return late.length === standbys.length
    ? whoIsLate
    : `every other standby has the group and its schema; ${whoIsLate}`
}

/** An archive gets WAL when it does: a standby that lives on it is not waited for. */
const notAwaited: ReplayResult = {
  caughtUp: true,
  waitedMs: 0,
  replayedLsn: null,
  lagBytes: null,
  failure: null,
}

async function waitForStandbys(
  context: ExecutionContext,
  group: PlannedGroup,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const { ports, recorder, config } = context
  const { systemIdentifier, timeline } = cluster.primary
  if (cluster.standbys.length === 0) return []
  const lsn = await ports.replicas.currentLsn(cluster.primary.server, signal)
  const target = { lsn, systemIdentifier: systemIdentifier ?? '', timeline: timeline ?? 0 }
  const failures = await mapConcurrently(cluster.standbys, 16, async standby => {
    const { declaredReplay: promise } = standby
    const result =
      promise === 'archive'
        ? notAwaited
        : await ports.replicas.waitForReplay(
            standby.server,
            target,
            config.execution.replicaDeadlineSeconds * 1_000,
            signal,
          )
    await recorder.record({
      type: 'standby.checked',
      cluster: cluster.name,
      server: standby.server,
      group: group.name,
      caughtUp: result.caughtUp,
      failure: result.failure,
      ...(promise === undefined ? {} : { promise }),
      volatile: {
        targetLsn: lsn,
        replayedLsn: result.replayedLsn,
        lagBytes: result.lagBytes,
        waitedMs: Math.round(result.waitedMs),
      },
    })
    if (result.caughtUp) return []
    const problem = `it has not replayed ${lsn} (it is at ${result.replayedLsn ?? 'an unknown position'})`
    return [result.failure ?? ({ kind: 'replica_behind', server: standby.server, problem } satisfies Failure)]
  })
  return failures.flat()
}
