import { LockstepError } from '../../../shared/failure/failure.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { verifyRunLog } from '../../adapters/run-log/verify-run-log.ts'
import type { FoundRun } from './find-run.ts'

/** What a kept log tells, and what is wrong with it all the same, such as a last line that is cut off. */
export interface ReadRun {
  readonly events: readonly RunEvent[]
  readonly problem: string | null
}

/** Reads a kept run; throws `log_damaged` where nothing can be told. */
export async function readRun({ runId, folder, store }: FoundRun): Promise<ReadRun> {
  const events = await store.read(runId)
  const { problem } = await verifyRunLog(folder, runId)
  if (events.length > 0) return { events, problem }
  throw new LockstepError({
    kind: 'log_damaged',
    file: pathsOfRun(folder, runId).events,
    line: 1,
    problem: problem ?? 'the log is empty',
  })
}
