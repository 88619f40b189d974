import type { EngineEvent } from '../../../../shared/api/engine-api.ts'
import type { GateCheck, PlanDecision, PlanRecord } from '../../../../shared/api/plan-view.ts'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { Foresight } from '../../../../shared/foresight/foresight.ts'
import type { MigrationGraph } from '../../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../../shared/plan/plan.ts'
import { judgeGates } from '../../../app/plan/judge-gates.ts'
import { type Preview, previewPlan } from '../../../app/plan/preview-plan.ts'
import type { KeptRecord, PlanStore } from '../../../app/ports/plan-store.ts'
import { isOpen } from '../../../app/status/find-open-plan.ts'
import { comparePlans } from '../../../engine/planning/compare-plans.ts'
import { openPlanStore } from '../../kept/plan-store.ts'
import type { Project } from '../../settings/load-project.ts'
import { noApprovals, withEngine } from '../../wiring/with-engine.ts'

/** A kept plan with everything that is known about it. */
export interface KeptPlan extends KeptRecord {
  readonly plan: Plan
  /** Null where it has to be read again. */
  readonly graph: MigrationGraph | null
  readonly gates: readonly GateCheck[]
  readonly gatesCheckedAt: string | null
  readonly foresight: Foresight | null
  /** Null when nobody compared it with the fleet since this engine started. */
  readonly moved: readonly string[] | null
}

export interface PlanDeskOptions {
  readonly announce: (event: EngineEvent) => void
  readonly signal: AbortSignal
}

/** Makes, checks and decides plans; what became of each lies beside it on disk. */
export class PlanDesk {
  readonly #options: PlanDeskOptions
  readonly #graphs = new Map<string, MigrationGraph>()
  readonly #moved = new Map<string, readonly string[]>()

  constructor(options: PlanDeskOptions) {
    this.#options = options
  }

  /** Plans for the fleet as it is now; an open plan that this makes untrue is void. */
  async make(project: Project, asked: KeptRecord['asked']): Promise<string> {
    const store = openPlanStore(project.plansFolder)
    this.#say('plan', 'Reading servers, revisions and tenants')
    const preview = await withEngine(project, noApprovals, ports =>
      previewPlan(project, ports, asked, this.#options.signal),
    )
    const { planId } = preview.plan
    this.#say('plan', `Plan ${planId.slice(0, 12)} is made`)
    this.#remember(preview)
    await store.writeForesight(preview.foresight)
    await this.#voidOthers(store, preview.plan)
    const known = await store.read(planId)
    if (known === null || !isOpen(known.record)) await store.write({ record: newRecord(planId), asked })
    this.#options.announce({ type: 'plan.changed', planId })
    return planId
  }

  /** Judges every gate now, and compares the plan with the fleet. */
  async check(project: Project, given: string): Promise<string> {
    const store = openPlanStore(project.plansFolder)
    const { plan, asked, record } = await this.read(project, given)
    this.#say('check', 'Reading servers, revisions and tenants')
    await withEngine(project, noApprovals, async ports => {
      const { signal } = this.#options
      const preview = await previewPlan(project, ports, asked, signal)
      if (preview.plan.planId !== plan.planId) {
        await this.recordMoved(project, plan.planId, comparePlans(plan, preview.plan))
        return
      }
      this.#remember(preview)
      await store.writeForesight(preview.foresight)
      if (plan.routes.length === 0) return
      const onJudged = ({ title, answer }: GateCheck): void =>
        this.#say('check', `${title}: ${answer.verdict}`)
      const gates = await judgeGates(project, ports, preview, onJudged, signal)
      await store.writeGates(plan.planId, { checkedAt: new Date().toISOString(), gates })
    })
    this.#options.announce({ type: 'plan.changed', planId: record.planId })
    return plan.planId
  }

  /** Runs a plan on copies of its tenants, unless the fleet has moved away from it. */
  async rehearse(project: Project, given: string): Promise<string> {
    const store = openPlanStore(project.plansFolder)
    const { plan, asked } = await this.read(project, given)
    const onProgress = (line: string): void => this.#say('rehearse', line)
    onProgress('Reading servers, revisions and tenants')
    await withEngine(project, noApprovals, async ports => {
      const request = { ...asked, rehearse: 'anew' as const, onProgress }
      const preview = await previewPlan(project, ports, request, this.#options.signal)
      if (preview.plan.planId !== plan.planId) {
        await this.recordMoved(project, plan.planId, comparePlans(plan, preview.plan))
        return
      }
      this.#remember(preview)
      await store.writeForesight(preview.foresight)
    })
    this.#options.announce({ type: 'plan.changed', planId: plan.planId })
    return plan.planId
  }

  /** A kept plan by its id; `last` is the newest one that nobody has started or rejected. Throws `plan_unknown`. */
  async read(project: Project, given: string): Promise<KeptPlan> {
    const store = openPlanStore(project.plansFolder)
    const kept = given === 'last' ? await findLast(store) : await store.read(given)
    const plan = kept === null ? null : store.readPlan(kept.record.planId)
    if (kept === null || plan === null) throw new LockstepError({ kind: 'plan_unknown', planId: given })
    const judged = await store.readGates(plan.planId)
    const moved = kept.record.state === 'void' ? kept.record.moved : (this.#moved.get(plan.planId) ?? null)
    return {
      ...kept,
      plan,
      graph: this.#graphs.get(plan.planId) ?? null,
      gates: judged?.gates ?? [],
      gatesCheckedAt: judged?.checkedAt ?? null,
      foresight: await store.readForesight(plan.planId),
      moved,
    }
  }

  /** What became of a plan; null when it is not kept here. */
  async findRecord(project: Project, given: string): Promise<PlanRecord | null> {
    const store = openPlanStore(project.plansFolder)
    const kept = given === 'last' ? await findLast(store) : await store.read(given)
    return kept?.record ?? null
  }

  /** Records a person's decision with the verdicts that were in view. */
  async decide(
    project: Project,
    planId: string,
    decision: Pick<PlanDecision, 'decision' | 'by' | 'comment'>,
  ): Promise<void> {
    const kept = await this.read(project, planId)
    if (decision.decision === 'approved' && kept.plan.routes.length === 0) {
      const reason = 'Every tenant is at the target: there is nothing to approve.'
      throw new LockstepError({ kind: 'not_possible', action: 'approve', reason })
    }
    const gates = kept.gates.map(({ gate, answer }) => ({ gate, verdict: answer.verdict }))
    await this.#update(project, kept, {
      state: decision.decision,
      decision: { ...decision, at: new Date().toISOString(), gates },
    })
  }

  async recordStarted(project: Project, planId: string, runId: string): Promise<void> {
    await this.#update(project, await this.read(project, planId), { state: 'started', runId })
  }

  /** The fleet, the revisions or the configuration are not those of the plan any more. */
  async recordMoved(project: Project, planId: string, moved: readonly string[]): Promise<void> {
    this.#moved.set(planId, moved)
    await this.#update(project, await this.read(project, planId), { state: 'void', moved })
  }

  async #update(project: Project, kept: KeptRecord, change: Partial<PlanRecord>): Promise<void> {
    const store = openPlanStore(project.plansFolder)
    await store.write({ asked: kept.asked, record: { ...kept.record, ...change } })
    this.#options.announce({ type: 'plan.changed', planId: kept.record.planId })
  }

  async #voidOthers(store: PlanStore, plan: Plan): Promise<void> {
    for (const kept of await store.list()) {
      const { planId } = kept.record
      if (planId === plan.planId || !isOpen(kept.record)) continue
      const old = store.readPlan(planId)
      const moved = old ? comparePlans(old, plan) : ['the plan is not kept here any more']
      this.#moved.set(planId, moved)
      await store.write({ ...kept, record: { ...kept.record, state: 'void', moved } })
      this.#options.announce({ type: 'plan.changed', planId })
    }
  }

  #remember({ plan, graph }: Preview): void {
    this.#graphs.set(plan.planId, graph)
    this.#moved.set(plan.planId, [])
    const [oldest] = this.#graphs.keys()
    if (this.#graphs.size > 20 && oldest !== undefined) this.#graphs.delete(oldest)
  }

  #say(task: 'plan' | 'check' | 'rehearse', line: string): void {
    this.#options.announce({ type: 'progress', task, line })
  }
}

async function findLast(store: PlanStore): Promise<KeptRecord | null> {
  const records = await store.list()
  const open = records.find(({ record }) => record.state !== 'started' && record.state !== 'rejected')
  return open ?? null
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
