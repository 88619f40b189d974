import { describe, expect, it } from 'vitest'
import { chooseDirections } from '../../../electron/engine/recovery/choose-directions.ts'
import { judgeVoter } from '../../../electron/engine/recovery/judge-voter.ts'
import { explore } from './model/explore.ts'
import type { Mistake, Model, Rules } from './model/world.ts'

const rules: Rules = { chooseDirections, judgeVoter }

const small: Model = {
  groups: { canary: ['ash'], rest: ['birch', 'cedar'] },
  vote: 'fleet',
  crashes: 2,
  lossyDisk: false,
  rules,
  mistake: null,
}
const wide: Model = { ...small, groups: { canary: ['ash', 'birch'], rest: ['cedar'] } }

/** Every shape of three tenants in two groups, on a disk that keeps its word and on one that does not. */
const shapes: readonly (readonly [string, Model])[] = [
  ['a canary alone, the whole fleet votes', small],
  ['a canary alone, each group votes', { ...small, vote: 'group' }],
  ['a canary of two, the whole fleet votes', wide],
  ['a canary of two, each group votes', { ...wide, vote: 'group' }],
]

describe('the vote with two crashes', () => {
  it.each(shapes)('keeps every promise in every world it can come to: %s', (_title, model) => {
    const found = explore(model)
    expect(found.broken, found.trail.join('\n')).toBeNull()
    expect(found.worlds).toBeGreaterThan(1_000)
    expect(found.finished).toBeGreaterThan(0)
  })

  it.each(shapes)(
    'tears no group apart even where the disk loses what it had promised to keep: %s',
    (_title, model) => {
      const found = explore({ ...model, lossyDisk: true })
      expect(found.broken, found.trail.join('\n')).toBeNull()
      expect(found.worlds).toBeGreaterThan(1_000)
    },
  )
})

describe('a mistake', () => {
  it.each<[Mistake, string]>([
    ['commits_before_deciding', 'committed without a decision on disk'],
    ['does_not_flush_the_decision', 'committed without a decision on disk'],
    ['decides_without_a_vote', 'decided on without every vote'],
    ['does_not_wait_for_runners', 'left prepared, and nobody says so'],
    ['continues_without_looking', 'before those before it were looked at'],
  ])('of whoever works is found: %s', (mistake, broken) => {
    expect(explore({ ...small, mistake }).broken).toContain(broken)
  })

  it('of a recovery that goes forward without a record is found', () => {
    const found = explore({ ...small, lossyDisk: true, mistake: 'goes_forward_without_a_record' })
    expect(found.broken).toContain('committed without a decision on disk')
  })

  it.each<[string, Partial<Rules>, Partial<Model>, string]>([
    [
      'rolls back without asking the databases',
      {
        chooseDirections: ({ groups }) =>
          new Map(groups.map(one => [one.group, one.decision === 'commit' ? 'forward' : 'back'])),
      },
      { lossyDisk: true, vote: 'group' },
      'is torn apart',
    ],
    [
      'takes silence for a no',
      {
        judgeVoter: evidence => {
          const state = judgeVoter(evidence)
          return state === 'unknown' ? 'undone' : state
        },
      },
      { lossyDisk: true },
      'is torn apart',
    ],
    [
      'goes on although the run was stopped',
      { chooseDirections: fleet => chooseDirections({ ...fleet, isStopped: false }) },
      {},
      'although the run had to stop',
    ],
    [
      'goes on although a vote is gone',
      {
        chooseDirections: fleet =>
          new Map(
            [...chooseDirections(fleet)].map(([group, direction]) => [
              group,
              direction === 'back' && !fleet.isStopped ? 'continue' : direction,
            ]),
          ),
      },
      {},
      'without every vote',
    ],
    [
      'rolls the other groups back although the fleet had voted',
      { chooseDirections: fleet => chooseDirections({ ...fleet, vote: 'group' }) },
      {},
      'half-way without a reason',
    ],
  ])('of a rule is found: one that %s', (_title, mistaken, changes, broken) => {
    expect(explore({ ...small, ...changes, rules: { ...rules, ...mistaken } }).broken).toContain(broken)
  })
})
