import type { ProjectConfig } from '../../../shared/config/project-config.ts'
import { foldAll } from '../../../shared/fold-run.ts'
import type { EnginePorts } from '../../engine/engine-ports.ts'
import type { RunReader } from '../../engine/recorder.ts'
import { recoverRun } from '../../engine/recover-run.ts'
import type { AppPorts } from '../app-ports.ts'
import { type FinishedRun, finishRun } from '../run/finish-run.ts'

/** Settles a run that did not come to its end, and writes its report anew. */
export async function recoverFleet(
  request: { readonly config: ProjectConfig; readonly runId: string },
  ports: EnginePorts & Pick<AppPorts, 'archive'>,
  readers: readonly RunReader[],
  signal: AbortSignal,
): Promise<FinishedRun> {
  const end = await recoverRun(request, ports, readers, signal)
  return finishRun(request.config, ports, end, foldAll(await ports.store.read(request.runId)))
}
