import type { GateCheck } from '../../../shared/api/plan-view.ts'
import type { ClusterNeeds } from '../../../shared/plan/plan-outlook.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { GatePorts } from '../../engine/checks/gate.ts'
import { listClusterNeeds } from '../../engine/gates/capacity/list-cluster-needs.ts'
import type { AppPorts } from '../app-ports.ts'
import type { PlanStore } from '../ports/plan-store.ts'
import { judgeGates } from './judge-gates.ts'
import { type Preview, type PreviewPorts, type PreviewRequest, previewPlan } from './preview-plan.ts'

/** A plan for the fleet as it is now, with everything a decision about it rests on. */
export interface JudgedPlan extends Preview {
  /** Empty where there is nothing to migrate. */
  readonly gates: readonly GateCheck[]
  readonly needs: readonly ClusterNeeds[]
}

/** What planning and judging ask of the outside world. */
export type JudgedPlanPorts = PreviewPorts &
  GatePorts &
  Pick<AppPorts, 'newRunId'> & { readonly plans: Pick<PlanStore, 'writeGates'> }

/** Plans, and judges every gate as a basis for the decision; the verdicts are kept beside the plan, and the run judges again. */
export async function judgePlan(
  project: { readonly config: ProjectConfig },
  ports: JudgedPlanPorts,
  asked: PreviewRequest,
  onJudged: (check: GateCheck) => void,
  signal: AbortSignal,
): Promise<JudgedPlan> {
  const preview = await previewPlan(project, ports, asked, signal)
  const { plan } = preview
  if (plan.routes.length === 0) return { ...preview, gates: [], needs: [] }
  const gates = await judgeGates(project, ports, preview, onJudged, signal)
  signal.throwIfAborted()
  await ports.plans.writeGates(plan.planId, { checkedAt: new Date().toISOString(), gates })
  return { ...preview, gates, needs: listClusterNeeds(plan, project.config.execution) }
}
