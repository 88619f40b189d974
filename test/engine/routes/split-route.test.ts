import { describe, expect, it } from 'vitest'
import { routeHead, routeTail } from '../../../electron/engine/routes/split-route.ts'
import { makeStep } from '../sample-plans.ts'

const split = (...transactional: readonly boolean[]) => {
  const steps = transactional.map((value, index) => makeStep(String(index + 1), { transactional: value }))
  const route = { id: 'r', from: [], to: [], steps }
  const names = (some: typeof steps | readonly (typeof steps)[number][]) => some.map(step => step.revision)
  return [names(routeHead(route)), names(routeTail(route))]
}

describe('a route', () => {
  it.each<[boolean[], string[][]]>([
    [[], [[], []]],
    [
      [true, true],
      [['1', '2'], []],
    ],
    [
      [true, false],
      [['1'], ['2']],
    ],
    [
      [false, true],
      [[], ['1', '2']],
    ],
    [
      [true, false, true],
      [['1'], ['2', '3']],
    ],
  ])('with transactional steps %j votes on what comes before the first that is not', (steps, parts) => {
    expect(split(...steps)).toEqual(parts)
  })
})
