import { describe, expect, it } from 'vitest'
import { linkRuns } from '../../../electron/app/history/link-runs.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'

const run = (runId: string, outcome: string | null, undoes: string | null = null) => ({
  runId,
  outcome,
  undoes,
})

/** Runs of which some took one of two tenants back; the log of a run that is not in `read` cannot be read. */
function history(runs: readonly object[], read: Readonly<Record<string, readonly string[]>>) {
  return {
    list: async () => runs,
    read: async (runId: string) => {
      const statuses = read[runId]
      if (!statuses) throw new Error('damaged')
      return { state: { tenants: statuses.map(status => ({ status })) } }
    },
  } as never
}

describe('the runs that belong to one', () => {
  it('are those that undo it, with how many tenants each took back where that is known', async () => {
    const runs = [
      run('E', null, 'A'),
      run('D', 'migrated', 'A'),
      run('C', 'needs_human', 'A'),
      run('B', 'approval_refused', 'A'),
      run('A', 'migrated'),
    ]
    const links = await linkRuns(
      history(runs, { D: ['committed', 'up_to_date'], B: ['committed'] }),
      'A',
      initialRunState,
    )
    expect(links).toEqual([
      { kind: 'rolled_back_by', runId: 'E', undone: null },
      { kind: 'rolled_back_by', runId: 'D', undone: 1 },
      { kind: 'rolled_back_by', runId: 'C', undone: null },
    ])
  })

  it('are the run that it undoes itself', async () => {
    const intent = { verb: 'rollback', target: [], tenants: [], undoes: 'A' }
    const state = { ...initialRunState, intent } as RunState
    expect(await linkRuns(history([], {}), 'D', state)).toEqual([{ kind: 'rolls_back', runId: 'A' }])
  })
})
