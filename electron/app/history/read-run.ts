import { LockstepError } from '../../../shared/failure/failure.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { PlacedRun } from './list-runs.ts'

/** What a kept log tells, and what is wrong with it all the same, such as a last line that is cut off. */
export interface ReadRun {
  readonly events: readonly RunEvent[]
  readonly problem: string | null
}

/** Reads a kept run; throws `log_damaged` where nothing can be told. */
export async function readRun({ runId, place }: Pick<PlacedRun, 'runId' | 'place'>): Promise<ReadRun> {
  const events = await place.store.read(runId)
  const { file, problem } = await place.archive.verify(runId)
  if (events.length > 0) return { events, problem }
  throw new LockstepError({ kind: 'log_damaged', file, line: 1, problem: problem ?? 'the log is empty' })
}
