import type { Failure } from '../../../shared/failure/failure.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import type { LostLog, StoredRun } from '../ports/run-log.ts'

/** What a list of runs says about one of them. */
type ListedRun = Pick<
  StoredRun,
  'runId' | 'project' | 'startedAt' | 'outcome' | 'alive' | 'damage' | 'unreadable' | 'lost'
>

/** A run that recovery has something to do with. */
export interface OpenRun {
  readonly runId: string
  /**
   * - `cut_off`: its log has no end.
   * - `damaged`: its log has no end either, and cannot be read to where it stops.
   * - `unproven`: it ended in need of a person, and no later run has put that right.
   */
  readonly state: 'cut_off' | 'damaged' | 'unproven'
  /** Why its log cannot be read. */
  readonly damage: string | null
  /** True where all that is left are steps, with which a run goes on: a recovery runs no migration. */
  readonly hasStepsLeft?: boolean
  /** Why nothing of it is known, where that is so. */
  readonly log?: LostLog
}

/** The runs of a project that have no end and whose process is gone, newest first: none can begin before they are recovered. */
export function listUnfinished(project: string, runs: readonly ListedRun[]): readonly OpenRun[] {
  return newestFirst(runs.filter(run => isOf(project, run) && isUnfinished(run))).map(
    ({ runId, damage, lost }) => ({
      runId,
      state: damage === null ? 'cut_off' : 'damaged',
      damage,
      ...(lost === undefined ? {} : { log: lost }),
    }),
  )
}

/**
 * Everything of a project that `recover` may settle, in the order in which it does: what has no end, then what was left
 * unproven. `read` folds the log of one run.
 */
export async function findOpenRuns(
  project: string,
  runs: readonly ListedRun[],
  read: (runId: string) => Promise<RunState>,
): Promise<readonly OpenRun[]> {
  const ended = newestFirst(runs.filter(run => isOf(project, run) && !run.alive && run.outcome !== null))
  return [...listUnfinished(project, runs), ...(await listUnproven(ended, read))]
}

/** Several projects may keep their runs in one place; whose a log is whose first line is damaged, is not known. */
function isOf(project: string, run: ListedRun): boolean {
  return run.project === project || (run.project === null && run.damage !== null)
}

function isUnfinished({ outcome, alive, damage, startedAt, unreadable }: ListedRun): boolean {
  if (outcome !== null || alive || unreadable) return false
  return damage !== null || startedAt !== null
}

function newestFirst<Run extends ListedRun>(runs: readonly Run[]): readonly Run[] {
  return [...runs].sort((a, b) => (a.runId < b.runId ? 1 : -1))
}

/** Runs that need a person, as long as no later run has found each of their tenants at its target, or has taken it back. */
async function listUnproven(
  ended: readonly ListedRun[],
  read: (runId: string) => Promise<RunState>,
): Promise<readonly OpenRun[]> {
  const open: OpenRun[] = []
  const right = new Set<string>()
  const undone = new Map<string, Set<string>>()
  const oldest = ended.findLastIndex(run => run.outcome === 'needs_human')
  for (const run of ended.slice(0, oldest + 1)) {
    if (run.outcome === 'needs_human') {
      const state = await read(run.runId).catch(() => null)
      const left = state === null ? null : listMoved(state)
      const back = undone.get(run.runId)
      const isRight = left !== null && left.length > 0 && left.every(one => right.has(one) || back?.has(one))
      const hasStepsLeft = state?.failure?.kind === 'steps_left' || state?.failure?.kind === 'group_unended'
      if (!isRight)
        open.push({
          runId: run.runId,
          state: 'unproven',
          damage: run.damage,
          ...(hasStepsLeft ? { hasStepsLeft } : {}),
        })
    } else if (run.outcome === 'migrated' || run.outcome === 'nothing_to_do') {
      const state = await read(run.runId).catch(() => null)
      // A run over the whole fleet that ended well has found every tenant where it belongs.
      if (state?.intent?.verb === 'run' && state.intent.tenants.length === 0) break
      if (state?.intent?.verb === 'run')
        for (const one of state.tenants) if (isAtTarget(one)) right.add(one.tenant)
      const undoes = state?.intent?.undoes
      if (state && undoes !== undefined)
        undone.set(undoes, new Set([...(undone.get(undoes) ?? []), ...listCommitted(state)]))
    }
  }
  return open
}

/** The tenants that a run was about to move. */
function listMoved({ plan }: RunState): readonly string[] {
  return plan ? listMigrating(plan).map(one => one.tenant) : []
}

function isAtTarget({ status }: RunState['tenants'][number]): boolean {
  return status === 'committed' || status === 'up_to_date'
}

function listCommitted({ tenants }: RunState): readonly string[] {
  return tenants.filter(one => one.status === 'committed').map(one => one.tenant)
}

/** Why nothing can begin before this run is recovered. */
export function nameUnfinished({
  runId,
  damage,
  log,
}: OpenRun): Extract<Failure, { kind: 'run_unfinished' }> {
  const about = damage === null ? {} : { damage, ...(log === undefined ? {} : { log }) }
  return { kind: 'run_unfinished', runId, prepared: [], ...about }
}
