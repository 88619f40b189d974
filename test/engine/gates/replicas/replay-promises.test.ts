import { describe, expect, it } from 'vitest'
import {
  judgeArchived,
  judgeDelayed,
  judgeSecretDelay,
} from '../../../../electron/engine/gates/replicas/replay-promises.ts'
import type { ServerObservation, StandbyState } from '../../../../shared/topology/topology.ts'

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

describe('a standby that is late and is not declared so', () => {
  const observe = (applyDelayMs: number, changes: Partial<StandbyState> = {}): ServerObservation => ({
    server: 'late',
    cluster: 'main',
    failure: null,
    endpoint: '127.0.0.1:5432',
    declaredRole: 'standby',
    role: 'standby',
    systemIdentifier: '1',
    timeline: 1,
    version: 150_000,
    replication: state({ applyDelayMs, ...changes }),
  })
  const waits = { groups: 4, heldGroups: 4, voteDeadlineSeconds: 120 }

  it('stops a run from a delay that people notice, and never one that is declared', () => {
    expect(judgeSecretDelay(observe(2_000), waits)).toBeNull()
    expect(judgeSecretDelay(observe(2_001), waits)?.verdict).toBe('failed')
    expect(judgeSecretDelay({ ...observe(50_000), declaredReplay: 'delayed' }, waits)).toBeNull()
  })

  it('says for how long the locks of the last group would be held, where votes are held', () => {
    const facts = [waits, { ...waits, heldGroups: 0 }, null].map(
      one => judgeSecretDelay(observe(50_000), one)?.evidence.fact,
    )
    expect(facts).toEqual([
      expect.stringContaining('the last of 4 groups would hold its locks for 2 min 30 s'),
      expect.stringMatching(/after each group, 3 min 20 s in all$/),
      expect.stringMatching(/after each group$/),
    ])
  })

  it('may as well live on an archive where nothing was ever received', () => {
    const remedy = judgeSecretDelay(observe(50_000, { hasReceiver: false, receivedLsn: null }), waits)?.remedy
    expect(remedy).toContain('replay: archive')
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

  it('may be as much older as it is late on purpose', () => {
    const behind = { lagBytes: 900_000_000, replayedSecondsAgo: hour + 30 }
    expect(judge({ ...behind, applyDelayMs: 60_000 })).toBe('passed')
    expect(judge({ ...behind, applyDelayMs: 0 })).toBe('failed')
  })

  it('fails where it is far behind and has stood still, and is unknown where nothing tells', () => {
    expect(judge({ lagBytes: 900_000_000, applyDelayMs: 0 })).toBe('failed')
    expect(judge({ lagBytes: null, replayedSecondsAgo: null })).toBe('inconclusive')
  })
})
