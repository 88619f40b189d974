import { LockstepError } from '../../../shared/failure/failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { findOpenRuns } from '../../engine/open-runs/find-open-runs.ts'
import { listOpenVotes, refusalOf } from '../../engine/open-runs/list-open-votes.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'

/** The run to recover; without one, why there is none. */
export type ChosenRun = { readonly runId: string } | { readonly runId: null; readonly why: string }

/** Chooses the run that was named, or the one that stands in the way; prepared transactions come first. */
export async function chooseRun(
  { config }: { readonly config: ProjectConfig },
  { store, prepared }: Pick<EnginePorts, 'store' | 'prepared'>,
  given: string | undefined,
  signal: AbortSignal,
): Promise<ChosenRun> {
  const runs = await store.list()
  const primaries = config.servers.filter(server => server.role === 'primary').map(server => server.name)
  const left = await listOpenVotes(prepared, primaries, signal)
  const open = await findOpenRuns(config.project, runs, async id => foldAll(await store.read(id)))
  if (given !== undefined) {
    const matches = runs.filter(run => run.runId.startsWith(given.toUpperCase()))
    const [match] = matches
    if (!match || matches.length > 1)
      throw new LockstepError({
        kind: 'run_unknown',
        runId: given,
        known: runs.slice(0, 5).map(run => run.runId),
      })
    const { runId, outcome } = match
    const isOpen = open.some(run => run.runId === runId) || left.some(vote => vote.runId === runId)
    if (outcome === 'needs_human' && !isOpen)
      return { runId: null, why: `later runs have put right what run ${runId} left` }
    return { runId }
  }
  const known = left.find(one => runs.some(run => run.runId === one.runId))
  if (known) return { runId: known.runId }
  // Whose decision it was is written in a log that is not here: guessing could undo a commit.
  const refusal = refusalOf(left)
  if (refusal) throw new LockstepError(refusal)
  const [first] = open
  if (first) return { runId: first.runId }
  return { runId: null, why: 'no prepared transaction of ours, no log without an end' }
}
