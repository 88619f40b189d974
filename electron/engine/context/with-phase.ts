import type { PhaseName, PhaseStatus } from '../../../shared/run/phase.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../recording/recorder.ts'

/** What a phase says of itself when it ends. */
export interface PhaseEnd<T> {
  readonly status: PhaseStatus
  readonly message: string
  readonly value: T
}

/** Records the start and the end of a phase around the work; a throw ends the phase as failed and goes on. */
export async function withPhase<T>(
  context: { readonly recorder: Recorder; readonly clock: Clock },
  phase: PhaseName,
  group: string | null,
  work: () => Promise<PhaseEnd<T>>,
): Promise<T> {
  const { recorder, clock } = context
  const startedAt = clock.monotonicMs()
  // What was done must reach the caller even when its end cannot be logged; the next strict record will say so.
  const end = (status: PhaseStatus, message: string): Promise<boolean> =>
    recorder.tryRecord({
      type: 'phase.finished',
      phase,
      group,
      status,
      message,
      volatile: { durationMs: Math.round(clock.monotonicMs() - startedAt) },
    })
  const started = { type: 'phase.started', phase, group } as const
  await (phase === 'rollback' ? recorder.tryRecord(started) : recorder.record(started))
  let result: PhaseEnd<T>
  try {
    result = await work()
  } catch (error) {
    await end('failed', 'stopped by an error')
    throw error
  }
  await end(result.status, result.message)
  return result.value
}
