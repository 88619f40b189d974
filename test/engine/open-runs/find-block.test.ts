import { describe, expect, it } from 'vitest'
import { type BlockingRuns, findBlock } from '../../../electron/engine/open-runs/find-block.ts'

const votes = { kind: 'run_unfinished', runId: 'B', prepared: ['lockstep:B:all:ash'] } as const
const nothing: BlockingRuns = { project: 'shop', votes: null, held: null, runs: [], openRuns: [] }

describe('what is in the way of a run', () => {
  it('is nothing where no run is open, nor one that only waits for a person', () => {
    expect(findBlock(nothing)).toBeNull()
    const openRuns = [{ runId: 'A', state: 'unproven', damage: null }] as const
    expect(findBlock({ ...nothing, openRuns })).toBeNull()
  })

  it('is the votes that a dead run has left, also while another is at work and where its log is not here', () => {
    expect(findBlock({ ...nothing, votes })).toEqual(votes)
    expect(findBlock({ ...nothing, votes, runs: [{ runId: 'A', alive: true }] })).toEqual(votes)
    expect(findBlock({ ...nothing, votes, runs: [{ runId: 'B', alive: false }] })).toEqual(votes)
  })

  it('is a lock where the run that holds the votes is at work', () => {
    expect(findBlock({ ...nothing, votes, runs: [{ runId: 'B', alive: true }] })).toEqual({
      kind: 'run_locked',
      cluster: 'shop',
      holder: 'lockstep B',
    })
  })

  it('is a lock that somebody holds, but not one that a run has that has just died', () => {
    const held = { cluster: 'main', holder: 'lockstep run B' }
    const locked = { kind: 'run_locked', ...held }
    expect(findBlock({ ...nothing, held })).toEqual(locked)
    // The run that holds it has voted, and its log is on another machine.
    expect(findBlock({ ...nothing, held, votes })).toEqual(locked)
    expect(findBlock({ ...nothing, held, votes: { ...votes, runId: 'C' } })).toMatchObject({ runId: 'C' })
    expect(findBlock({ ...nothing, held, votes, runs: [{ runId: 'B', alive: false }] })).toEqual(votes)
    expect(findBlock({ ...nothing, held, runs: [{ runId: 'B', alive: false }] })).toBeNull()
  })

  it('is a log without an end, with what is wrong with it', () => {
    const openRuns = [{ runId: 'A', state: 'damaged', damage: 'line 4: changed' }] as const
    const block = { kind: 'run_unfinished', runId: 'A', prepared: [], damage: 'line 4: changed' }
    expect(findBlock({ ...nothing, openRuns })).toEqual(block)
  })
})
