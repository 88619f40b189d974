import { describe, expect, it } from 'vitest'
import { judgeArchived, judgeDelayed } from '../../../../electron/engine/gates/replicas/replay-promises.ts'
import type { StandbyState } from '../../../../shared/topology/topology.ts'

const hour = 3_600
const state = (changes: Partial<StandbyState>): StandbyState => ({
  receiver: 'streaming',
  replayPause: 'not paused',
  receivedLsn: '0/20',
  replayedLsn: '0/10',
  lagBytes: 16,
  lagSeconds: null,
  applyDelayMs: hour * 1_000,
  isDelaying: false,
  missingBytes: 0,
  replayedSecondsAgo: 5 * hour,
  hasReceiver: true,
  ...changes,
})

describe('a standby that is declared to be delayed', () => {
  const judge = (changes: Partial<StandbyState>) => judgeDelayed('late', state(changes), 1_000).verdict

  it('passes while replay waits for the delay, however long ago the last commit before it was', () => {
    expect(judge({ isDelaying: true })).toBe('passed')
  })

  it('passes where nothing is left to replay, and while the last replayed commit is as old as the delay', () => {
    expect(judge({ replayedLsn: '0/20' })).toBe('passed')
    expect(judge({ replayedSecondsAgo: hour + 30, isDelaying: null })).toBe('passed')
  })

  it('fails where it lacks WAL, or is further behind than its delay', () => {
    expect(judge({ isDelaying: true, missingBytes: 1_001 })).toBe('failed')
    expect(judge({})).toBe('failed')
    expect(judge({ replayedSecondsAgo: null })).toBe('failed')
  })

  it('cannot be judged where the login does not see what it has received or waits for', () => {
    expect(judge({ isDelaying: null })).toBe('inconclusive')
    expect(judge({ missingBytes: null })).toBe('inconclusive')
  })
})

describe('a standby that takes its WAL from an archive', () => {
  const limits = { maxBytes: 0, maxArchiveSeconds: hour, requireStandbys: true, undeclared: 'warn' } as const
  const judge = (changes: Partial<StandbyState>) =>
    judgeArchived('archived', state(changes), { ...limits, accept: [] }).verdict

  it('passes while it lacks less than a segment, or has replayed a commit lately', () => {
    expect(judge({ lagBytes: 16_000_000 })).toBe('passed')
    expect(judge({ lagBytes: 900_000_000, replayedSecondsAgo: 60 })).toBe('passed')
  })

  it('fails where it is far behind and has stood still, and is unknown where nothing tells', () => {
    expect(judge({ lagBytes: 900_000_000 })).toBe('failed')
    expect(judge({ lagBytes: null, replayedSecondsAgo: null })).toBe('inconclusive')
  })
})
