import { describe, expect, it } from 'vitest'
import { comparePlans } from '../../../electron/engine/planning/compare-plans.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { makePlanned, makeStep, makeTenant } from '../sample-plans.ts'

const plan = makePlanned()
const [canary, rest] = plan.groups
const withRest = (changes: Partial<Plan['groups'][number]>): Plan =>
  makePlanned({ groups: [canary!, { ...rest!, ...changes }] })
const withSteps = (...steps: ReturnType<typeof makeStep>[]): Plan =>
  makePlanned({ routes: [{ ...plan.routes[0]!, steps }] })

describe('what moved between two plans', () => {
  it.each<[string, Plan, string[]]>([
    ['the target', makePlanned({ target: ['0004'] }), ['the target moved from 0003 to 0004']],
    [
      'the settings',
      makePlanned({ gatesHash: 'stricter' }),
      ['the configuration of gates, smoke tests or execution changed'],
    ],
    ['the vote', makePlanned({ vote: 'group' }), ['the vote was per fleet and is per group']],
    [
      'the mode of a group',
      withRest({ mode: 'independent' }),
      ['groups were canary:atomic:4, rest:atomic:4 and are canary:atomic:4, rest:independent:4'],
    ],
    ['a tenant that is gone', withRest({ tenants: [makeTenant('birch')] }), ['tenant cedar is gone']],
    [
      'a new tenant',
      withRest({ tenants: [...rest!.tenants, makeTenant('dogwood')] }),
      ['tenant dogwood is new'],
    ],
    [
      'a tenant of another group',
      makePlanned({
        groups: [
          { ...canary!, tenants: [makeTenant('acorn'), makeTenant('birch')] },
          { ...rest!, tenants: [makeTenant('cedar')] },
        ],
      }),
      ['tenant birch moved from group rest to canary'],
    ],
    [
      'a tenant that was migrated meanwhile',
      withRest({ tenants: [makeTenant('birch', { from: ['0002'] }), makeTenant('cedar', { from: [] })] }),
      ['tenant birch moved from 0001 to 0002', 'tenant cedar moved from 0001 to no revision'],
    ],
    [
      'a schema',
      withRest({ tenants: [makeTenant('birch', { fingerprint: 'other' }), makeTenant('cedar')] }),
      ['the schema of tenant birch changed'],
    ],
    [
      'an edited revision',
      withSteps(makeStep('0002'), makeStep('0003', { checksum: 'other' })),
      ['revision 0003 was edited'],
    ],
    [
      'other revisions',
      withSteps(makeStep('0002'), makeStep('0004')),
      ['revision 0004 is new in the plan', 'revision 0003 is no longer in the plan'],
    ],
  ])('names %s', (_what, actual, moved) => {
    expect(comparePlans(plan, actual)).toEqual(moved)
  })

  it('says that something did when it cannot say what', () => {
    expect(comparePlans(plan, { ...plan, source: 'alembic' })).toEqual(['a detail of the plan changed'])
  })

  it('is no longer than twenty lines', () => {
    const tenants = Array.from({ length: 50 }, (_, index) => makeTenant(`tenant-${index}`))
    expect(comparePlans(plan, withRest({ tenants }))).toHaveLength(20)
  })
})
