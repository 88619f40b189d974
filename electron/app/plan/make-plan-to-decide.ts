import type { GateCheck, PlanRecord } from '../../../shared/api/plan-view.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { GatePorts } from '../../engine/checks/gate.ts'
import { comparePlans } from '../../engine/planning/compare-plans.ts'
import type { AppPorts } from '../app-ports.ts'
import type { PlanStore, StoredPlanRecord } from '../ports/plan-store.ts'
import { isOpen } from '../status/find-open-plan.ts'
import { judgeGates } from './judge-gates.ts'
import type { StoredPlan } from './kept-plan.ts'
import { type Preview, type PreviewPorts, previewPlan } from './preview-plan.ts'

interface Planned {
  readonly config: ProjectConfig
}

/** What plans that are kept for a decision are made and compared with. */
export interface DecisionPorts extends PreviewPorts {
  readonly plans: PlanStore
}

/** An open plan that a newer one makes untrue, and why. */
export interface VoidedPlan {
  readonly planId: string
  readonly moved: readonly string[]
}

/** How a kept plan compares with the fleet as it is now: it is the same, or something has moved. */
export type Compared =
  | { readonly kind: 'same'; readonly preview: Preview }
  | { readonly kind: 'moved'; readonly moved: readonly string[] }

/** Plans for the fleet as it is now, for a person to decide on; open plans that this makes untrue are void. */
export async function makePlanToDecide(
  project: Planned,
  ports: DecisionPorts,
  asked: StoredPlanRecord['asked'],
  signal: AbortSignal,
): Promise<{ readonly preview: Preview; readonly voided: readonly VoidedPlan[] }> {
  const { plans } = ports
  const preview = await previewPlan(project, ports, asked, signal)
  const { planId } = preview.plan
  await plans.writeAnalysis(preview.analysis)
  const voided = await voidOthers(plans, preview.plan)
  const known = await plans.read(planId)
  if (known === null || !isOpen(known.record)) await plans.write({ record: newRecord(planId), asked })
  return { preview, voided }
}

/** Compares a kept plan with the fleet, and judges every gate of one that is still the same. */
export async function checkPlan(
  project: Planned,
  ports: DecisionPorts & GatePorts & Pick<AppPorts, 'newRunId'>,
  kept: StoredPlan,
  onJudged: (check: GateCheck) => void,
  signal: AbortSignal,
): Promise<Compared> {
  const compared = await compareWithFleet(project, ports, kept, {}, signal)
  if (compared.kind === 'moved' || kept.plan.routes.length === 0) return compared
  const gates = await judgeGates(project, ports, compared.preview, onJudged, signal)
  await ports.plans.writeGates(kept.plan.planId, { checkedAt: new Date().toISOString(), gates })
  return compared
}

/** Runs a kept plan on copies of its tenants. */
export function rehearseKeptPlan(
  project: Planned,
  ports: DecisionPorts,
  kept: StoredPlan,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<Compared> {
  return compareWithFleet(project, ports, kept, { rehearse: 'anew', onProgress }, signal)
}

async function compareWithFleet(
  project: Planned,
  ports: DecisionPorts,
  { plan, asked }: StoredPlan,
  more: { readonly rehearse?: 'anew'; readonly onProgress?: (line: string) => void },
  signal: AbortSignal,
): Promise<Compared> {
  const preview = await previewPlan(project, ports, { ...asked, ...more }, signal)
  if (preview.plan.planId !== plan.planId) return { kind: 'moved', moved: comparePlans(plan, preview.plan) }
  await ports.plans.writeAnalysis(preview.analysis)
  return { kind: 'same', preview }
}

async function voidOthers(plans: PlanStore, plan: Plan): Promise<readonly VoidedPlan[]> {
  const voided: VoidedPlan[] = []
  for (const kept of await plans.list()) {
    const { planId } = kept.record
    if (planId === plan.planId || !isOpen(kept.record)) continue
    const old = plans.readPlan(planId)
    const moved = old ? comparePlans(old, plan) : ['the plan is not kept here any more']
    await plans.write({ ...kept, record: { ...kept.record, state: 'void', moved } })
    voided.push({ planId, moved })
  }
  return voided
}

function newRecord(planId: string): PlanRecord {
  return {
    planId,
    madeAt: new Date().toISOString(),
    state: 'waiting',
    decision: null,
    moved: [],
    runId: null,
  }
}
