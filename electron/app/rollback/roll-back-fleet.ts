import type { ProjectConfig } from '../../../shared/config/project-config.ts'
import { foldAll } from '../../../shared/fold-run.ts'
import type { RollbackProposal } from '../../../shared/rollback.ts'
import type { EnginePorts } from '../../engine/engine-ports.ts'
import type { Interruption } from '../../engine/interruption.ts'
import type { RunReader } from '../../engine/recorder.ts'
import { runRollback } from '../../engine/rollback/run-rollback.ts'
import type { AppPorts } from '../app-ports.ts'
import { writeReport } from '../report/make-report.ts'
import { type FinishedRun, finishRun, foldReader } from '../run/finish-run.ts'

/** What is undone, and what is accepted with it. */
export interface RollbackRequest {
  readonly config: ProjectConfig
  readonly toolVersion: string
  /** The run that is undone. */
  readonly runId: string
  readonly tenants: readonly string[]
  readonly acceptLoss: { readonly reason: string } | null
  readonly disconnect: boolean
  /** The proposal that an approval by id was given for, where it is kept. */
  readonly approved: RollbackProposal | null
  readonly readers: readonly RunReader[]
  readonly interruption: Interruption
}

/** Undoes a run, and leaves its log and report; the report of the run that is undone names it. */
export async function rollBackFleet(
  { readers, interruption, ...request }: RollbackRequest,
  ports: EnginePorts & Pick<AppPorts, 'newRunId' | 'archive'>,
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
