import { describe, expect, it } from 'vitest'
import { hashPlan } from '../../../electron/engine/planning/hash-plan.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { digest, makePlanned, makeStep, makeTenant } from '../sample-plans.ts'

const hash = (plan: Plan): string => {
  const { planId: _, ...rest } = plan
  return hashPlan(rest, digest)
}

/** The same value with the keys of every object the other way round. */
function turnKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turnKeys) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turnKeys(item)]),
  ) as T
}

/** Every way in which one leaf of a value can be another one. */
function listChanges(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [`${value}!`]
  if (typeof value === 'number') return [value + 1]
  if (typeof value === 'boolean') return [!value]
  if (value === null) return ['something']
  if (Array.isArray(value))
    return [
      [...value, 'one more'],
      ...value.flatMap((item, index) => listChanges(item).map(changed => value.with(index, changed))),
    ]
  return Object.entries(value as object).flatMap(([key, item]) =>
    listChanges(item).map(changed => ({ ...(value as object), [key]: changed })),
  )
}

describe('the id of a plan', () => {
  it('does not depend on the order of keys', () => {
    expect(hash(turnKeys(makePlanned()))).toBe(hash(makePlanned()))
  })

  it('depends on the order of groups, tenants and steps', () => {
    const plan = makePlanned()
    expect(hash({ ...plan, groups: plan.groups.toReversed() })).not.toBe(hash(plan))
  })

  it('changes with every single thing that a plan says', () => {
    const { planId: _, ...plan } = makePlanned({
      routes: [{ id: 'r', from: ['0001'], to: ['0002'], steps: [makeStep('0002')] }],
      groups: [
        {
          name: 'all',
          wave: 1,
          mode: 'atomic',
          modeReason: 'asked for',
          parallel: 1,
          tenants: [makeTenant('acorn', { route: null })],
        },
      ],
    })
    const changes = listChanges(plan) as readonly (typeof plan)[]
    expect(changes.length).toBeGreaterThan(30)
    const hashes = changes.map(changed => hashPlan(changed, digest))
    expect(new Set([hashPlan(plan, digest), ...hashes]).size).toBe(changes.length + 1)
  })
})
