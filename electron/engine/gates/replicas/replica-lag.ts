import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Cluster, ServerObservation } from '../../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../../lib/map-concurrently.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import { countWaits } from './replay-promises.ts'
import { judgePrimary, judgeStandby } from './replica-rules.ts'
import { judgeUndeclared } from './undeclared-standbys.ts'

const timeoutMs = 2000
const lookAgainMs = 100

/** Stops a run whose standbys are not all there, or not all close behind. */
export const replicaLag: Gate = {
  ...nameGate('replica_lag'),
  async judge(context, signal) {
    const { maxBytes } = context.settings.replica_lag
    const { clusters } = context.topology
    const judged = await mapConcurrently(clusters, 4, cluster => judgeCluster(context, cluster, signal))
    const findings = [
      ...judged.flatMap(one => one.findings),
      ...clusters.flatMap(cluster => judgeUndeclared(cluster, context.settings.replica_lag)),
    ]
    const threshold = `at most ${maxBytes} bytes behind`
    const known = judged.flatMap(one => one.standbys)
    const isWell = ({ finding }: WatchedStandby) => finding.verdict === 'passed'
    const count = clusters.reduce((total, cluster) => total + cluster.standbys.length, 0)
    const late = clusters.flatMap(cluster => cluster.standbys).filter(one => one.declaredReplay !== undefined)
    const lateWell = known.filter(one => one.isLate && isWell(one))
    const inStep = known.filter(one => !one.isLate && isWell(one))
    const furthest = Math.max(...inStep.map(({ lagBytes }) => lagBytes ?? 0))
    const behind = inStep.length === 0 ? '' : `, at most ${furthest} bytes behind`
    const asDeclared = late.length === 0 ? '' : `; ${lateWell.length} of ${late.length} late as declared`
    const value = `${inStep.length} of ${countOf(count - late.length, 'standby', 'standbys')} in step${behind}${asDeclared}`
    const hasTrouble = findings.some(finding => finding.verdict !== 'passed')
    if (count === 0 && !hasTrouble) {
      return {
        verdict: 'not_applicable',
        value: 'no standby declared',
        threshold,
        evidence: [],
        remedy: '',
      }
    }
    return answerFromFindings(findings, { value, threshold })
  },
}

interface WatchedStandby {
  readonly finding: Finding
  readonly lagBytes: number | null
  /** Declared to be late. */
  readonly isLate: boolean
}

interface JudgedCluster {
  readonly findings: readonly Finding[]
  readonly standbys: readonly WatchedStandby[]
}

async function judgeCluster(
  context: GateContext,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<JudgedCluster> {
  const primary = await context.servers.observe(cluster.primary.server, signal)
  const trouble = judgePrimary(primary)
  if (trouble) return { findings: [trouble], standbys: [] }
  const standbys = await mapConcurrently(cluster.standbys, 8, standby =>
    watchStandby(context, standby.server, primary, signal),
  )
  return {
    findings: standbys.map(({ finding }) => finding),
    standbys,
  }
}

/** Looks until the standby is well, is past helping, or the time is over: a standby that just got busy is no fault. */
async function watchStandby(
  { servers, settings, execution, plan, clock }: GateContext,
  server: string,
  primary: ServerObservation,
  signal: AbortSignal,
): Promise<WatchedStandby> {
  const until = clock.monotonicMs() + timeoutMs
  for (;;) {
    const seen = await servers.observe(server, signal)
    const judged = judgeStandby(seen, primary, settings.replica_lag, countWaits(plan, execution))
    if (!judged.mayRecover || clock.monotonicMs() >= until || signal.aborted) {
      const isLate = seen.declaredReplay !== undefined
      return { finding: judged.finding, lagBytes: seen.replication?.lagBytes ?? null, isLate }
    }
    await clock.sleep(lookAgainMs, signal)
  }
}
