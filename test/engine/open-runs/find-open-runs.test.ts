import { describe, expect, it } from 'vitest'
import { findOpenRuns, listUnfinished } from '../../../electron/engine/open-runs/find-open-runs.ts'
import type { StoredRun } from '../../../electron/engine/ports/run-log.ts'
import type { RunIntent } from '../../../shared/run/run-intent.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import { samplePlan, sampleTenants } from '../../shared/samples/plan.ts'

const idOf = (number: number): string => `01K000000000000000000000${number}A`

function store(number: number, changes: Partial<StoredRun> = {}): StoredRun {
  return {
    runId: idOf(number),
    project: 'shop',
    startedAt: '2026-01-01T00:00:00.000Z',
    outcome: 'migrated',
    exitCode: 0,
    alive: false,
    damage: null,
    ...changes,
  }
}

const divided = store(1, { outcome: 'needs_human', exitCode: 6 })

/** What a run has done: who is at the target after it. */
function tell(intent: Partial<RunIntent>, there: readonly string[]): RunState {
  return {
    ...initialRunState,
    intent: { verb: 'run', target: [], tenants: [], ...intent },
    plan: samplePlan,
    tenants: there.map(tenant => ({ ...newTenant, tenant, status: 'committed' as const })),
  }
}

const newTenant: RunState['tenants'][number] = {
  tenant: '',
  cluster: null,
  database: null,
  group: null,
  status: 'waiting',
  from: [],
  to: [],
  attempts: 0,
  failure: null,
  statements: 0,
  revisions: [],
  currentRevision: null,
  voting: false,
  gid: null,
  xid: null,
  rolledBack: null,
  snapshot: null,
  fingerprintBefore: null,
  fingerprintAfter: null,
  startedAt: null,
  finishedAt: null,
}

async function namesOpen(
  runs: readonly StoredRun[],
  states: readonly RunState[],
): Promise<readonly string[]> {
  const read = async (runId: string): Promise<RunState> =>
    states[runs.findIndex(run => run.runId === runId)] ?? initialRunState
  return (await findOpenRuns('shop', runs, read)).map(run => `${run.runId.at(-2)} ${run.state}`)
}

describe('a run without an end', () => {
  it('is open once its process is gone, newest first, and so is one whose log is damaged', () => {
    const runs = [
      store(1, { outcome: null }),
      store(2, { outcome: null, damage: 'line 4: changed' }),
      store(3, { outcome: null, alive: true }),
    ]
    expect(listUnfinished('shop', runs).map(run => [run.runId, run.state])).toEqual([
      [idOf(2), 'damaged'],
      [idOf(1), 'cut_off'],
    ])
  })

  it('is not open where it never began, a newer Lockstep wrote it, or another project did', () => {
    const runs = [
      store(1, { outcome: null, startedAt: null, damage: 'empty', unreadable: 'empty' }),
      store(2, { outcome: null, damage: 'newer', unreadable: 'newer' }),
      store(3, { outcome: null, project: 'other' }),
    ]
    expect(listUnfinished('shop', runs)).toEqual([])
  })

  it('is open where its first line is damaged, as nobody can say whose it is', () => {
    const run = store(1, { outcome: null, project: null, startedAt: null, damage: 'line 1: changed' })
    expect(listUnfinished('shop', [run])).toHaveLength(1)
  })
})

describe('a run that needs a person', () => {
  const half = tell({}, ['ash'])

  it('is open while nothing came after it, or only what changed nothing', async () => {
    expect(await namesOpen([divided], [half])).toEqual(['1 unproven'])
    const stopped = store(2, { outcome: 'stopped_by_gate', exitCode: 3 })
    expect(await namesOpen([divided, stopped], [half, initialRunState])).toEqual(['1 unproven'])
  })

  it('is put right by a later run over the whole fleet, whatever it had to do', async () => {
    const whole = tell({}, [])
    expect(await namesOpen([divided, store(2)], [half, whole])).toEqual([])
    expect(await namesOpen([divided, store(2, { outcome: 'nothing_to_do' })], [half, whole])).toEqual([])
  })

  it('is put right by later runs over all of its tenants together, and not by some of them', async () => {
    const some = tell({ tenants: ['ash', 'birch'] }, ['ash', 'birch'])
    const others = tell({ tenants: ['c*', 'd*', 'e*'] }, ['cedar', 'dogwood', 'elm'])
    expect(await namesOpen([divided, store(2)], [half, some])).toEqual(['1 unproven'])
    expect(await namesOpen([divided, store(2), store(3)], [half, some, others])).toEqual([])
  })

  it('is put right by a rollback of it, and not by one of another run', async () => {
    const back = tell({ verb: 'rollback', undoes: divided.runId }, sampleTenants)
    expect(await namesOpen([divided, store(2)], [half, back])).toEqual([])
    const foreign = tell({ verb: 'rollback', undoes: idOf(9) }, sampleTenants)
    expect(await namesOpen([divided, store(2)], [half, foreign])).toEqual(['1 unproven'])
  })

  it('stays open where a later one needs a person as well', async () => {
    const again = store(2, { outcome: 'needs_human', exitCode: 6 })
    expect(await namesOpen([divided, again], [half, half])).toEqual(['2 unproven', '1 unproven'])
  })
})
