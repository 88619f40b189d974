import type { ActiveRun } from '../../../../shared/api/session-view.ts'
import { type Failure, LockstepError } from '../../../../shared/failure/failure.ts'
import type { Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import type { Outcome } from '../../../../shared/run/outcome.ts'
import type { InterruptionSignal } from '../../../../shared/run/run-intent.ts'
import type { StoredPlan } from '../../../app/plan/kept-plan.ts'
import type { FinishedRun } from '../../../app/run/finish-run.ts'
import type { EventReader } from '../../../engine/recording/recorder.ts'
import { rollBackProject } from '../../roll-back-project.ts'
import { recoverProject, removeLeftCopies, runProject } from '../../run-project.ts'
import type { Project } from '../../settings/load-project.ts'
import type { EndedRun } from '../interface/service.ts'
import { createRunControls, type RunControls } from './run-controls.ts'

export interface RunControllerOptions {
  /** Told when a run began, ended, or was put into another control state. */
  readonly onChange: () => void
  readonly user: string
}

/** Told about a run of this process; what it does is waited for, in this order. */
export interface RunListener {
  onBegin(runId: string): Promise<void>
  onEnd(finished: FinishedRun): Promise<void>
}

/** A run of this process that is at work. */
interface RunAtWork {
  readonly controls: RunControls
  readonly ended: Promise<void>
  runId: string | null
  startedAt: string | null
  /** Null until its end is on record. */
  outcome: Outcome | null
}

/** Starts, controls and settles runs in this process: one at a time. */
export class RunController {
  readonly #options: RunControllerOptions
  #atWork: RunAtWork | null = null
  #isClosing = false

  constructor(options: RunControllerOptions) {
    this.#options = options
  }

  /** The run that this engine is at work on. */
  get active(): ActiveRun | null {
    const run = this.#atWork
    if (run?.runId == null) return null
    return { runId: run.runId, startedAt: run.startedAt, control: run.controls.state(), isOurs: true }
  }

  get isBusy(): boolean {
    return this.#atWork !== null
  }

  /** Runs exactly this plan; gives the run's id as soon as its beginning is told. */
  async start(
    project: Project,
    kept: StoredPlan,
    confirmation: Confirmation | null,
    listener: RunListener,
  ): Promise<string> {
    const by = kept.record.decision?.by ?? this.#options.user
    const { plan, asked } = kept
    let begun: Promise<void> = Promise.resolve()
    const started = this.#begin('apply', async (controls, reader) => {
      const finished = await runProject(project, {
        ...asked,
        gates: null,
        approvals: {
          ask: async () => ({ answer: 'approved_plan', planId: plan.planId, plan, by, confirmation }),
        },
        readers: [reader],
        interruption: controls.interruption,
      })
      await begun
      await listener.onEnd(finished)
      return finished.end.runId
    })
    const runId = await started
    begun = listener.onBegin(runId)
    await begun
    return runId
  }

  /** Settles a run that was cut off; resolves as soon as it is at work. It is not cut off itself: the end of the engine waits for it. */
  recover(project: Project, runId: string): Promise<string> {
    return this.#begin('recover', async (_controls, reader) => {
      const { signal } = new AbortController()
      await recoverProject(project, runId, [reader], signal)
      // What is left of copies is no reason to say that the run is not settled.
      await removeLeftCopies(project, signal).catch(() => undefined)
      return runId
    })
  }

  /** Undoes a run exactly as it was proposed; gives the rollback's own id as soon as its beginning is told. */
  rollBack(
    project: Project,
    asked: {
      readonly runId: string
      readonly rollbackId: string
      readonly tenants: readonly string[]
      readonly confirmation: Confirmation | null
      readonly acceptLoss: { readonly reason: string } | null
      readonly disconnect: boolean
    },
    onEnd: () => Promise<void>,
  ): Promise<string> {
    const { runId, rollbackId, tenants, confirmation, acceptLoss, disconnect } = asked
    return this.#begin('roll_back', async (controls, reader) => {
      const finished = await rollBackProject(project, {
        runId,
        tenants,
        acceptLoss,
        disconnect,
        approval: { yes: false, rollbackId, confirmation, prompt: null, by: this.#options.user },
        readers: [reader],
        interruption: controls.interruption,
      })
      await onEnd()
      return finished.end.runId
    })
  }

  pause(): ActiveRun {
    return this.#control(controls => controls.pause(this.#options.user))
  }

  resume(): ActiveRun {
    return this.#control(controls => controls.resume(this.#options.user))
  }

  abort(): ActiveRun {
    return this.#control(controls => controls.interrupt('abort'))
  }

  /** Interrupts what is at work, waits until it is undone, and says how it ended; null when nothing was at work. */
  async close(name: InterruptionSignal): Promise<EndedRun | null> {
    this.#isClosing = true
    const run = this.#atWork
    run?.controls.interrupt(name)
    await run?.ended
    return run?.runId == null ? null : { runId: run.runId, outcome: run.outcome }
  }

  #begin(
    action: string,
    work: (controls: RunControls, reader: EventReader) => Promise<string>,
  ): Promise<string> {
    if (this.#atWork !== null || this.#isClosing) {
      const reason = this.#isClosing ? 'The engine is ending.' : 'Another run is just beginning.'
      throw new LockstepError({ kind: 'not_possible', action, reason })
    }
    const controls = createRunControls(this.#options.onChange)
    return new Promise<string>((resolve, reject) => {
      const reader: EventReader = event => {
        if (event.type === 'run.finished') run.outcome = event.outcome
        if (run.runId !== null) return
        run.runId = event.runId
        run.startedAt = event.at
        resolve(event.runId)
        this.#options.onChange()
      }
      const ended = Promise.resolve()
        .then(() => work(controls, reader))
        .then(resolve, reject)
        .finally(() => {
          this.#atWork = null
          this.#options.onChange()
        })
      const run: RunAtWork = { controls, ended, runId: null, startedAt: null, outcome: null }
      this.#atWork = run
    })
  }

  #control(act: (controls: RunControls) => void): ActiveRun {
    if (this.#atWork) act(this.#atWork.controls)
    const { active } = this
    if (active === null) throw new LockstepError(notAtWork)
    return active
  }
}

const notAtWork: Failure = {
  kind: 'not_possible',
  action: 'control a run',
  reason: 'The run is not at work in this engine.',
}
