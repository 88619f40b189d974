import type { AnalyzedPlan, GateContext, GatePorts } from '../checks/gate.ts'
import type { RunContext } from '../context/run-context.ts'

/** What gates are asked within. */
export interface GateRun extends Pick<RunContext, 'runId' | 'config' | 'topology'> {
  readonly ports: GatePorts
}

/** What gates may look at, of all that a run has. */
export function makeGateContext(
  { runId, config, topology, ports }: GateRun,
  { plan, graph, analysis }: AnalyzedPlan,
): GateContext {
  const { gates: settings, execution, rehearsal, drift, lint } = config
  const policy = { settings, execution, rehearsal, drift, lint }
  return { ...ports, ...policy, runId, topology, plan, graph, analysis }
}
