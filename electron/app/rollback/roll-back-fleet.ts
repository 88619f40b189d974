import { foldAll } from '../../../shared/run/fold-run.ts'
import type { Interruption } from '../../engine/context/interruption.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import type { RollbackPorts, RollbackRequest } from '../../engine/rollback/rollback-request.ts'
import { runRollback } from '../../engine/rollback/run-rollback.ts'
import type { AppPorts } from '../app-ports.ts'
import { writeReport } from '../report/make-report.ts'
import { type FinishedRun, finishRun, foldReader } from '../run/finish-run.ts'

/** What is undone and accepted, and who hears of it. */
export interface FleetRollback extends RollbackRequest {
  readonly readers: readonly EventReader[]
  readonly interruption: Interruption
}

/** Undoes a run, and leaves its log and report; the report of the run that is undone names it. */
export async function rollBackFleet(
  { readers, interruption, ...request }: FleetRollback,
  ports: RollbackPorts & Pick<AppPorts, 'newRunId' | 'archive'>,
): Promise<FinishedRun> {
  const log = await ports.store.create(ports.newRunId())
  const folded = foldReader()
  const end = await runRollback(request, ports, log, [folded.read, ...readers], interruption)
  await log.close()
  const finished = await finishRun(request.config, ports, end, folded.state())
  if (end.outcome === 'migrated') {
    // Its log is the truth: a report that cannot be written now can be made from it at any time.
    const events = await ports.store.read(request.runId)
    await writeReport(ports, foldAll(events)).catch(() => undefined)
  }
  return finished
}
