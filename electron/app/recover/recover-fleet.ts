import { foldAll } from '../../../shared/run/fold-run.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import type { RecoveryPorts } from '../../engine/recovery/open-recovery.ts'
import { recoverRun } from '../../engine/recovery/recover-run.ts'
import type { AppPorts } from '../app-ports.ts'
import { type FinishedRun, finishRun } from '../run/finish-run.ts'

/** Settles a run that did not come to its end, and writes its report again. */
export async function recoverFleet(
  request: { readonly config: ProjectConfig; readonly runId: string },
  ports: RecoveryPorts & Pick<AppPorts, 'archive' | 'snapshots'>,
  readers: readonly EventReader[],
  signal: AbortSignal,
): Promise<FinishedRun> {
  const end = await recoverRun(request, ports, readers, signal)
  return finishRun(request.config, ports, end, foldAll(await ports.store.read(request.runId)))
}
