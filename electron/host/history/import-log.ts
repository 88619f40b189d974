import { mkdir, readFile } from 'node:fs/promises'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { shortenText } from '../../../shared/text/plain-words.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'
import { hasLog } from './locate-run.ts'
import { parseImportedLog } from './parse-imported-log.ts'

/** Where logs from elsewhere go, and where a run that is here already may lie. */
export interface ImportPlaces {
  readonly folders: readonly string[]
  readonly importFolder: string
}

/** Keeps a log from elsewhere under the id of its run; a run that is here already is not kept twice. The name is for words only. */
export async function importLog(name: string, text: string, places: ImportPlaces): Promise<string> {
  const log = await parseImportedLog(text)
  if ('problem' in log) throw unreadable(name, log.problem)
  const { runId } = log
  for (const folder of places.folders) if (await hasLog(folder, runId)) return runId
  const paths = pathsOfRun(places.importFolder, runId)
  const kept = await readFile(paths.events, 'utf8').catch(() => '')
  const keptLines = kept.slice(0, kept.lastIndexOf('\n') + 1)
  if (keptLines.startsWith(log.text) && keptLines.length > log.text.length) return runId
  if (!log.text.startsWith(keptLines)) {
    throw unreadable(name, `another log of run ${runId} is open already, and it says something else`)
  }
  await mkdir(paths.folder, { recursive: true })
  await writeAtomically(paths.events, log.text + log.tail)
  return runId
}

function unreadable(name: string, problem: string): LockstepError {
  return new LockstepError({ kind: 'file_unreadable', file: shortenText(name, 120) || 'the file', problem })
}
