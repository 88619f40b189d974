import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pruneRuns } from '../../adapters/run-log/prune-runs.ts'
import { stateFolder } from '../settings/state-folder.ts'

/** How many demo runs are kept: enough to compare, few enough not to pile up. */
const keptRuns = 60

/** Keeps the logs of a demo's runs when its sandbox goes, so that `lockstep log` finds them afterwards. */
export async function archiveRuns(projectFolder: string): Promise<void> {
  const from = join(projectFolder, '.lockstep', 'runs')
  const to = join(stateFolder(), 'runs')
  for (const runId of await readdir(from).catch(() => [])) {
    await cp(join(from, runId), join(to, runId), { recursive: true })
  }
  await pruneRuns(to, keptRuns)
}
