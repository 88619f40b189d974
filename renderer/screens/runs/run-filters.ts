import type { RunSummary } from '../../../shared/api/run-view.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { statusOfOutcome } from '../../status/status.ts'
import { wordOfOutcome } from '../../status/words.ts'

/** What a list of runs can be narrowed to. */
export const runFilters = ['all', 'failed', 'rolled_back', 'running', 'imported'] as const
export type RunFilter = (typeof runFilters)[number]

/** Reads a filter from an address or from what was kept; null where it is none. */
export function readFilter(text: string | undefined): RunFilter | null {
  return runFilters.find(filter => filter === text) ?? null
}

/** The word on the chip of a filter. */
export function wordOfFilter(filter: RunFilter): string {
  return filter === 'rolled_back' ? 'Rolled back' : `${filter.charAt(0).toUpperCase()}${filter.slice(1)}`
}

/** Says whether a run passes a filter; what was cut off or cannot be read counts as failed. */
export function matchesRunFilter(run: RunSummary, filter: RunFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'failed':
      return run.damage !== null || ['failed', 'errored'].includes(statusOfOutcome(run.outcome, run.alive))
    case 'rolled_back':
      return run.outcome === 'rolled_back'
    case 'running':
      return run.outcome === null && run.alive
    case 'imported':
      return run.isImported
    default:
      return assertNever(filter)
  }
}

/** How many runs pass each filter. */
export function countFilters(runs: readonly RunSummary[]): Readonly<Record<RunFilter, number>> {
  const count = (filter: RunFilter): number => runs.filter(run => matchesRunFilter(run, filter)).length
  return {
    all: runs.length,
    failed: count('failed'),
    rolled_back: count('rolled_back'),
    running: count('running'),
    imported: count('imported'),
  }
}

/** Runs that pass a filter and have every typed word in their id, project, outcome or damage; the order stays. */
export function findRuns(
  runs: readonly RunSummary[],
  filter: RunFilter,
  text: string,
): readonly RunSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return runs.filter(run => {
    if (!matchesRunFilter(run, filter)) return false
    const { runId, project, outcome, alive, damage, undoes } = run
    const searched =
      `${runId} ${project ?? ''} ${wordOfOutcome(outcome, alive, undoes)} ${undoes ?? ''} ${damage ?? ''}`.toLowerCase()
    return words.every(word => searched.includes(word))
  })
}

/** What the history says, as one sentence: what is at work first, then what went wrong. */
export function sayRuns(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No run yet'
  const { running, failed, rolled_back } = countFilters(runs)
  const parts = [
    ...(running > 0 ? [`${running} at work`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(rolled_back > 0 ? [`${rolled_back} rolled back`] : []),
  ]
  const all = countOf(runs.length, 'run')
  return parts.length === 0 ? `${all}, none of them failed` : `${all}: ${parts.join(', ')}`
}
