import { LockstepError } from '../../../shared/failure/failure.ts'

/**
 * The run that a person means: by its id, its unambiguous beginning, or `last`, the newest of those that count here.
 * Runs come newest first; one that lies in two places is one run, that of the first. Throws `run_unknown`.
 */
export function findNamedRun<Run extends { readonly runId: string }>(
  given: string,
  runs: readonly Run[],
  counts: (run: Run) => boolean = () => true,
): Run {
  const wanted = given.toUpperCase()
  const begins = (run: Run): boolean => wanted !== '' && run.runId.startsWith(wanted)
  const matches = given === 'last' ? runs.filter(counts).slice(0, 1) : runs.filter(begins)
  // Of those with one id, the first stays.
  const byId = new Map(matches.toReversed().map(run => [run.runId, run]))
  const [match, ...others] = byId.values()
  if (match && others.length === 0) return match
  const known = [...new Set(runs.map(run => run.runId))].slice(0, 5)
  throw new LockstepError({ kind: 'run_unknown', runId: given, known })
}
