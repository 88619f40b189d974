import type { EngineEvent } from '../../../../shared/api/engine-api.ts'
import type { GateCheck, PlanDecision, PlanRecord } from '../../../../shared/api/plan-view.ts'
import type { MigrationGraph } from '../../../../shared/plan/migration-graph.ts'
import {
  decidePlan,
  findKeptRecord,
  readKeptPlan,
  type StoredPlan,
  updateRecord,
} from '../../../app/plan/kept-plan.ts'
import {
  type Compared,
  checkPlan,
  makePlanToDecide,
  rehearseKeptPlan,
} from '../../../app/plan/make-plan-to-decide.ts'
import type { Preview } from '../../../app/plan/preview-plan.ts'
import type { StoredPlanRecord } from '../../../app/ports/plan-store.ts'
import type { Project } from '../../settings/load-project.ts'
import { openPlanStore } from '../../stores/plan-store.ts'
import { noApprovals, withEngine } from '../../wiring/with-engine.ts'

/** A kept plan with everything that is known about it here. */
export interface KnownPlan extends StoredPlan {
  /** Null where it has to be read again. */
  readonly graph: MigrationGraph | null
  /** Null when it was not compared with the fleet since this engine started. */
  readonly moved: readonly string[] | null
}

export interface PlanControllerOptions {
  readonly announce: (event: EngineEvent) => void
  readonly signal: AbortSignal
}

/** Makes, checks and decides plans; what became of each lies beside it on disk. */
export class PlanController {
  readonly #options: PlanControllerOptions
  readonly #graphs = new Map<string, MigrationGraph>()
  readonly #moved = new Map<string, readonly string[]>()

  constructor(options: PlanControllerOptions) {
    this.#options = options
  }

  /** Plans for the fleet as it is now; an open plan that this makes untrue is void. */
  async make(project: Project, asked: StoredPlanRecord['asked']): Promise<string> {
    this.#say('plan', 'Reading servers, revisions and tenants')
    const { preview, voided } = await withEngine(project, noApprovals, ports =>
      makePlanToDecide(project, ports, asked, this.#options.signal),
    )
    const { planId } = preview.plan
    this.#say('plan', `Plan ${planId.slice(0, 12)} is made`)
    this.#remember(preview)
    for (const one of voided) {
      this.#moved.set(one.planId, one.moved)
      this.#announce(one.planId)
    }
    this.#announce(planId)
    return planId
  }

  /** Judges every gate now, and compares the plan with the fleet. */
  async check(project: Project, given: string): Promise<string> {
    const kept = await this.read(project, given)
    this.#say('check', 'Reading servers, revisions and tenants')
    const onJudged = ({ title, answer }: GateCheck): void => this.#say('check', `${title}: ${answer.verdict}`)
    const compared = await withEngine(project, noApprovals, ports =>
      checkPlan(project, ports, kept, onJudged, this.#options.signal),
    )
    await this.#learn(project, kept, compared)
    return kept.plan.planId
  }

  /** Runs a plan on copies of its tenants, unless the fleet has moved away from it. */
  async rehearse(project: Project, given: string): Promise<string> {
    const kept = await this.read(project, given)
    const onProgress = (line: string): void => this.#say('rehearse', line)
    onProgress('Reading servers, revisions and tenants')
    const compared = await withEngine(project, noApprovals, ports =>
      rehearseKeptPlan(project, ports, kept, onProgress, this.#options.signal),
    )
    await this.#learn(project, kept, compared)
    return kept.plan.planId
  }

  /** A kept plan by its id; `last` is the newest one that was not started or rejected. Throws `plan_unknown`. */
  async read(project: Project, given: string): Promise<KnownPlan> {
    const kept = await readKeptPlan(openPlanStore(project.plansFolder), given)
    const { planId } = kept.plan
    const moved = kept.record.state === 'void' ? kept.record.moved : (this.#moved.get(planId) ?? null)
    return { ...kept, graph: this.#graphs.get(planId) ?? null, moved }
  }

  /** What became of a plan; null when it is not kept here. */
  async findRecord(project: Project, given: string): Promise<PlanRecord | null> {
    return (await findKeptRecord(openPlanStore(project.plansFolder), given))?.record ?? null
  }

  /** Records a person's decision with the verdicts that were in view. */
  async decide(
    project: Project,
    given: string,
    decision: Pick<PlanDecision, 'decision' | 'by' | 'comment'>,
  ): Promise<void> {
    const kept = await this.read(project, given)
    await decidePlan(openPlanStore(project.plansFolder), kept, decision)
    this.#announce(kept.plan.planId)
  }

  async recordStarted(project: Project, planId: string, runId: string): Promise<void> {
    await this.#update(project, planId, { state: 'started', runId })
  }

  /** The fleet, the revisions or the configuration are not those of the plan any more. */
  async recordMoved(project: Project, planId: string, moved: readonly string[]): Promise<void> {
    this.#moved.set(planId, moved)
    await this.#update(project, planId, { state: 'void', moved })
  }

  async #update(project: Project, planId: string, change: Partial<PlanRecord>): Promise<void> {
    const store = openPlanStore(project.plansFolder)
    await updateRecord(store, await readKeptPlan(store, planId), change)
    this.#announce(planId)
  }

  async #learn(project: Project, { plan }: StoredPlan, compared: Compared): Promise<void> {
    if (compared.kind === 'moved') await this.recordMoved(project, plan.planId, compared.moved)
    else this.#remember(compared.preview)
    this.#announce(plan.planId)
  }

  #remember({ plan, graph }: Preview): void {
    this.#graphs.set(plan.planId, graph)
    this.#moved.set(plan.planId, [])
    const [oldest] = this.#graphs.keys()
    if (this.#graphs.size > 20 && oldest !== undefined) this.#graphs.delete(oldest)
  }

  #announce(planId: string): void {
    this.#options.announce({ type: 'plan.changed', planId })
  }

  #say(task: 'plan' | 'check' | 'rehearse', line: string): void {
    this.#options.announce({ type: 'progress', task, line })
  }
}
