import type { LintSettings } from '../../../shared/config/policy.ts'
import type { PlanFinding } from '../../../shared/foresight/finding.ts'
import type { Plan } from '../../../shared/plan.ts'
import type { Topology } from '../../../shared/topology.ts'
import type { EnginePorts } from '../engine-ports.ts'

/** What the rules need to know. */
export interface LintRequest {
  readonly plan: Plan
  readonly topology: Topology
  readonly settings: LintSettings
}

/** Holds every statement of a plan against every rule. */
export async function lintPlan(
  _request: LintRequest,
  _ports: EnginePorts,
  _signal: AbortSignal,
): Promise<readonly PlanFinding[]> {
  return []
}
