import type { RunContext } from './run-context.ts'

/** A place where nothing is prepared: a run that is paused waits here, and its log says so. */
export function passSafePoint(
  { control, recorder, signal }: Pick<RunContext, 'control' | 'recorder' | 'signal'>,
  before: string,
): Promise<void> {
  const record = {
    pausing: async (by: string) => void (await recorder.tryRecord({ type: 'run.pausing', volatile: { by } })),
    paused: async (place: string) =>
      void (await recorder.tryRecord({ type: 'run.paused', before: place, volatile: {} })),
    resumed: async (by: string) => void (await recorder.tryRecord({ type: 'run.resumed', volatile: { by } })),
  }
  return control.passSafePoint(before, record, signal)
}
