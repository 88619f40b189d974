import { describe, expect, it } from 'vitest'
import { findRun, listRuns, type RunPlace } from '../../../electron/app/history/list-runs.ts'
import type { StoredRun } from '../../../electron/engine/ports/run-log.ts'

const shared = '01K2ZP0000000000000000000A'
const older = '01K2ZM0000000000000000000A'
const newest = '01K2ZQ0000000000000000000A'

const place = (folder: string, ...runIds: readonly string[]): RunPlace => {
  const runs = runIds.map(runId => ({ runId, outcome: 'migrated' }) as StoredRun)
  return { folder, store: { list: async () => runs } as never, archive: {} as never }
}
const places = [place('own', shared, older), place('demo', newest, shared)]

describe('the runs of several folders', () => {
  it('come newest first, and one that lies in two folders once, from the first of them', async () => {
    const runs = await listRuns(places)
    expect(runs.map(run => [run.runId, run.place.folder])).toEqual([
      [newest, 'demo'],
      [shared, 'own'],
      [older, 'own'],
    ])
  })

  it('are found by a beginning also where the run lies in two of them', async () => {
    expect((await findRun('01k2zp', places)).place.folder).toBe('own')
    expect((await findRun('last', places)).runId).toBe(newest)
  })
})
