import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { findOpenRuns } from '../../engine/open-runs/find-open-runs.ts'
import { listOpenVotes } from '../../engine/open-runs/list-open-votes.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import type { StoredRun } from '../../engine/ports/run-log.ts'
import { findNamedRun } from '../history/find-named-run.ts'
import { splitVotesOf } from '../split-votes-of.ts'

/** The run to recover; without one, why there is none. */
export type ChosenRun = { readonly runId: string } | { readonly runId: null; readonly why: string }

/** Chooses the run that was named, or the one that stands in the way; prepared transactions come first. */
export async function chooseRun(
  { config }: { readonly config: ProjectConfig },
  ports: Pick<EnginePorts, 'store' | 'prepared' | 'servers' | 'locks'>,
  given: string | undefined,
  signal: AbortSignal,
): Promise<ChosenRun> {
  const { store, prepared } = ports
  const primaries = config.servers.filter(server => server.role === 'primary').map(server => server.name)
  const left = await listOpenVotes(prepared, primaries, signal)
  // Votes are named also where no log can be read.
  const runs = await store.list().catch((error: unknown): readonly StoredRun[] => {
    if (left.length === 0 || toFailure(error).kind !== 'log_unreadable') throw error
    return []
  })
  const open = await findOpenRuns(config.project, runs, async id => foldAll(await store.read(id)))
  if (given !== undefined) {
    const { runId } = findNamedRun(given, [...runs, ...left])
    refuseOther(config, runs.find(run => run.runId === runId) ?? null)
    const outcome = runs.find(run => run.runId === runId)?.outcome
    const isOpen = open.some(run => run.runId === runId) || left.some(vote => vote.runId === runId)
    if (outcome === 'needs_human' && !isOpen)
      return { runId: null, why: `later runs have put right what run ${runId} left` }
    return { runId }
  }
  // What can be settled comes before votes whose log is not here: those need a person.
  const { inTheWay, others } = await splitVotesOf({ config, runs }, left, ports, signal)
  const own = inTheWay.filter(vote => isOwn(config, runs.find(run => run.runId === vote.runId) ?? null))
  const vote = own.find(one => runs.some(run => run.runId === one.runId && !run.lost)) ?? own[0]
  if (vote) return { runId: vote.runId }
  const [first] = open
  if (first) return { runId: first.runId }
  const why = 'no prepared transaction of ours, no log without an end'
  const elsewhere = [...new Set([...inTheWay, ...others].map(run => run.runId))]
  return {
    runId: null,
    why: elsewhere.length === 0 ? why : `${why}; of other projects: ${elsewhere.join(', ')}`,
  }
}

/** Whose a log is that is not here, or whose first line is damaged, is not known. */
function isOwn({ project }: ProjectConfig, run: Pick<StoredRun, 'project'> | null): boolean {
  return run === null || run.project === null || run.project === project
}

/** A run is settled with the servers and the tenants of its own project. */
function refuseOther(config: ProjectConfig, run: StoredRun | null): void {
  if (run === null || isOwn(config, run)) return
  throw new LockstepError({
    kind: 'usage',
    problem: `run ${run.runId} is of project ${run.project}, and this is project ${config.project}`,
    fix: `lockstep recover ${run.runId} --config, with the project file of ${run.project}`,
  })
}
