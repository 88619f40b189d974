import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PhaseStatus } from '../../../shared/run/phase.ts'
import type { Phase, PhaseEnd, PhaseState, Step, StepEnd } from './phase.ts'

/** How a phase is recorded that did not come to an end of its own. */
export const stoppedByError = 'stopped by an error'

/** Runs one phase, with the hooks before it, and after it where it succeeded. Never throws. */
export function runPhase<Needs extends PhaseState, Adds>(
  phase: Phase<Needs, Adds>,
  state: Needs,
): Promise<StepEnd<Adds>> {
  return runWork(phase, state, () => attemptPhase(phase, state))
}

/** Runs one step. Never throws. */
export function runStep<Needs, Adds>(step: Step<Needs, Adds>, state: Needs): Promise<StepEnd<Adds>> {
  return runWork(step, state, async () => step.work(state))
}

/** Skips what is not needed, and goes on after a failure where the work says how; here whatever is thrown becomes a value. */
async function runWork<Needs, Adds>(
  { skip, afterFailure }: Pick<Step<Needs, Adds>, 'skip' | 'afterFailure'>,
  state: Needs,
  attempt: () => Promise<StepEnd<Adds>>,
): Promise<StepEnd<Adds>> {
  const skipped = skip?.(state) ?? null
  if (skipped !== null) return { kind: 'found', found: skipped }
  const end = await attempt().catch((error: unknown) => failed(toFailure(error)))
  if (end.kind !== 'failed' || !afterFailure) return end
  return { kind: 'found', found: afterFailure(state, end.failure) }
}

async function attemptPhase<Needs extends PhaseState, Adds>(
  phase: Phase<Needs, Adds>,
  state: Needs,
): Promise<StepEnd<Adds>> {
  const ask = async (moment: 'before' | 'after'): Promise<Failure | null> => {
    const place = { moment, phase: phase.name, group: state.group?.name ?? null }
    return (await phase.hooks[moment]?.(state, place)) ?? null
  }
  const refusal = await ask('before')
  if (refusal) return failed(refusal)
  const end = await recordPhase(phase, state)
  if ('failure' in end) return failed(end.failure)
  const objection = end.status === 'success' ? await ask('after') : null
  return objection ? failed(objection) : { kind: 'found', found: end.found }
}

/** Records the start and the end of a phase around its work. */
async function recordPhase<Needs extends PhaseState, Adds>(
  { name: phase, work }: Phase<Needs, Adds>,
  state: Needs,
): Promise<PhaseEnd<Adds>> {
  const { recorder, clock } = state
  const group = state.group?.name ?? null
  const startedAt = clock.monotonicMs()
  // What was done must reach the caller even when its end cannot be logged; the next strict record will say so.
  const recordEnd = (status: PhaseStatus, message: string): Promise<boolean> => {
    const durationMs = Math.round(clock.monotonicMs() - startedAt)
    return recorder.tryRecord({
      type: 'phase.finished',
      phase,
      group,
      status,
      message,
      volatile: { durationMs },
    })
  }
  const started = { type: 'phase.started', phase, group } as const
  await (phase === 'rollback' ? recorder.tryRecord(started) : recorder.record(started))
  const end = await work(state).catch(
    (error: unknown) => ({ status: 'failed', message: stoppedByError, failure: toFailure(error) }) as const,
  )
  await recordEnd(end.status, end.message)
  return end
}

function failed(failure: Failure) {
  return { kind: 'failed', failure } as const
}
