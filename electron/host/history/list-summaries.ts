import { stat } from 'node:fs/promises'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { createLogIndex } from '../../adapters/run-log/log-index.ts'
import { isLogAlive } from '../../adapters/run-log/log-owner.ts'
import { peekLog } from '../../adapters/run-log/peek-log.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { describeStoredRun } from '../../adapters/run-log/run-store.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type LocatedRun, listLocated } from './locate-run.ts'
import { readOutcome } from './read-outcome.ts'

/** A larger log without an end is not proven for a list: it is when it is opened. */
const provenBytes = 1_024 * 1_024

type StoredSummary = Omit<RunSummary, 'alive' | 'isImported'>

interface Listed {
  /** Size and time of the log, as it was read. */
  readonly mark: string
  readonly summary: StoredSummary
  readonly alive: boolean
}

/** Lists runs, and reads again only what has changed since the last time. */
export interface SummaryList {
  list(folders: readonly string[], importFolder: string): Promise<readonly RunSummary[]>
}

/** A list that has read nothing yet; `damageOf` says what was found by reading a run from its first line to its last. */
export function createSummaryList(damageOf: (run: LocatedRun) => string | null): SummaryList {
  let known = new Map<string, Listed>()
  return {
    async list(folders, importFolder) {
      const next = new Map<string, Listed>()
      const summaries = await mapConcurrently(
        await listLocated([...folders, importFolder]),
        16,
        async (run): Promise<RunSummary | null> => {
          const paths = pathsOfRun(run.folder, run.runId)
          const found = await stat(paths.events).catch(() => null)
          if (found === null) return null
          const mark = `${found.size} ${found.mtimeMs}`
          const before = known.get(paths.events)
          const summary = before?.mark === mark ? before.summary : await summarize(run, found.size)
          if (summary === null) return null
          const isImported = run.folder === importFolder
          const isOver = before?.mark === mark && !before.alive && summary.outcome !== null
          const alive = !isImported && !isOver && (await isLogAlive(paths.owner))
          // Whether an empty log is damaged depends on whether its process is alive.
          if (found.size > 0) next.set(paths.events, { mark, summary, alive })
          return { ...summary, isImported, alive, damage: damageOf(run) ?? summary.damage }
        },
      )
      known = next
      return summaries.filter(summary => summary !== null)
    },
  }
}

async function summarize({ folder, runId }: LocatedRun, size: number): Promise<StoredSummary | null> {
  const { events } = pathsOfRun(folder, runId)
  const ends = await peekLog(events, runId).catch(() => null)
  const isLong = ends === null && size > provenBytes
  const beginning = isLong ? await summarizeBeginning(folder, runId).catch(() => null) : null
  if (beginning !== null) return beginning
  const stored = await describeStoredRun(folder, runId)
  if (stored === null) return null
  const { project, startedAt, outcome, exitCode, damage, undoes = null, unreadable, lost } = stored
  const durationMs = ends === null ? null : Date.parse(ends.finished.at) - Date.parse(ends.first.at)
  const facts = {
    runId,
    project,
    startedAt,
    outcome: readOutcome(outcome),
    exitCode,
    damage,
    durationMs,
    undoes,
  }
  return { ...facts, ...(unreadable ? { unreadable } : {}), ...(lost ? { lost } : {}) }
}

async function summarizeBeginning(folder: string, runId: string): Promise<StoredSummary> {
  let first: RunEvent | null = null
  const index = createLogIndex(folder, runId, event => {
    first ??= event
  })
  await index.advance()
  const { problem } = index
  return {
    runId,
    ...describeFirst(first),
    outcome: null,
    exitCode: null,
    damage: problem === null ? null : `line ${problem.line}: ${problem.problem}`,
    durationMs: null,
  }
}

/** What the first event says about its run. */
export function describeFirst(first: RunEvent | null): Pick<RunSummary, 'project' | 'startedAt' | 'undoes'> {
  const started = first?.type === 'run.started' ? first : null
  return {
    project: started?.project ?? null,
    startedAt: first?.at ?? null,
    undoes: started?.intent.undoes ?? null,
  }
}
