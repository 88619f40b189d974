import { describe, expect, it } from 'vitest'
import { judgeHeldVotes } from '../../../../electron/engine/gates/locks/judge-held-votes.ts'
import type { RouteRehearsal, TracedStatement } from '../../../../shared/analysis/rehearsal.ts'
import type { Plan } from '../../../../shared/plan/plan.ts'
import { createContext } from '../fake-context.ts'

const { plan: base } = createContext()

function statement(
  revision: string,
  transactional: boolean,
  mode: 'AccessExclusiveLock' | 'RowExclusiveLock',
) {
  const lock = { relation: 'public.orders', kind: 'r', mode, isNew: true }
  return {
    revision,
    index: 0,
    sql: '',
    durationMs: 5,
    transactional,
    locks: [lock],
  } as unknown as TracedStatement
}

/** Two groups of a tenant each, on the one route of the plan, whose second step runs outside where that is said. */
function planOf(vote: 'fleet' | 'group', isOutside: boolean): Plan {
  const [group] = base.groups
  const [route] = base.routes
  const [step] = route!.steps
  const steps = [step!, { ...step!, revision: 'a2', transactional: !isOutside }]
  const [ash, birch] = group!.tenants
  return {
    ...base,
    vote,
    routes: [{ ...route!, steps }],
    groups: [
      { ...group!, name: 'canary', tenants: [ash!] },
      { ...group!, name: 'rest', tenants: [birch!] },
    ],
  }
}

function rehearsalOf(mode: 'AccessExclusiveLock' | 'RowExclusiveLock'): readonly RouteRehearsal[] {
  const statements = [statement('a1', true, mode), statement('a2', false, 'RowExclusiveLock')]
  return [{ route: base.routes[0]?.id, statements } as unknown as RouteRehearsal]
}

describe('the votes of later groups', () => {
  it('keep readers waiting while the first one runs steps outside of a transaction, and the gate says so', () => {
    const [finding, ...others] = judgeHeldVotes(planOf('fleet', true), rehearsalOf('AccessExclusiveLock'))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      verdict: 'failed',
      evidence: {
        fact: expect.stringMatching(
          /^public\.orders: the votes of rest hold ACCESS EXCLUSIVE .* for as long as group canary runs revision a2 outside of a transaction$/,
        ),
      },
      remedy: expect.stringContaining('vote: group in lockstep.yml'),
    })
  })

  it.each<[string, Plan, readonly RouteRehearsal[]]>([
    ['where each group votes in its turn', planOf('group', true), rehearsalOf('AccessExclusiveLock')],
    ['where every step can run in the vote', planOf('fleet', false), rehearsalOf('AccessExclusiveLock')],
    [
      'where they hold no lock that keeps anybody waiting',
      planOf('fleet', true),
      rehearsalOf('RowExclusiveLock'),
    ],
    [
      'where no group comes later',
      { ...planOf('fleet', true), groups: planOf('fleet', true).groups.slice(0, 1) },
      rehearsalOf('AccessExclusiveLock'),
    ],
  ])('keep nobody waiting %s', (_, plan, rehearsed) => {
    expect(judgeHeldVotes(plan, rehearsed)).toEqual([])
  })
})
