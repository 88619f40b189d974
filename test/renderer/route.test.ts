import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatScreenRoute,
  parseScreenRoute,
  routeTo,
  screenNames,
  withQuery,
} from '../../renderer/route/route.ts'
import { labelOfAction, routeOfAction } from '../../renderer/route/route-of-action.ts'
import type { NextAction } from '../../shared/plan/readiness.ts'

/** An id is anything but nothing and `-`, which stands for "no id". */
const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(text => text !== '-')
const routes = fc.record({
  screen: fc.constantFrom(...screenNames),
  id: fc.option(part),
  tab: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })),
  query: fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).filter(key => key !== '__proto__'),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    { noNullPrototype: true },
  ),
})

describe('an address', () => {
  it('gives back the route that it was written from, whatever is in it', () => {
    fc.assert(
      fc.property(routes, route => {
        expect(parseScreenRoute(formatScreenRoute(route))).toEqual(route)
      }),
      { numRuns: 500 },
    )
  })

  it('is the overview when it is no address', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#nowhere/else?x=1', '#/%E0%A4%A'])
      expect(parseScreenRoute(hash)).toEqual(routeTo('overview'))
  })

  it('never fails, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(screenNames).toContain(parseScreenRoute(`#${text}`).screen)
      }),
    )
  })

  it('names a run, its tab and a line of its log', () => {
    const route = routeTo('runs', { id: '01K9', tab: 'logs', query: { tenant: 'acme', line: '4012' } })
    expect(formatScreenRoute(route)).toBe('#/runs/01K9/logs?tenant=acme&line=4012')
  })

  it('keeps the rest of the query when a part of it changes, and drops what becomes empty', () => {
    const route = routeTo('runs', { query: { show: 'failed', find: 'acme' } })
    expect(withQuery(route, { find: '', line: '3' }).query).toEqual({ show: 'failed', line: '3' })
    expect(withQuery(route, { show: null }).query).toEqual({ find: 'acme' })
  })
})

describe('the next action', () => {
  const actions: readonly NextAction[] = [
    { kind: 'choose_project' },
    { kind: 'make_plan' },
    { kind: 'open_plan', planId: 'p' },
    { kind: 'open_run', runId: 'r', part: 'overview' },
    { kind: 'open_run', runId: 'r', part: 'gates' },
    { kind: 'open_run', runId: 'r', part: 'tenants' },
    { kind: 'open_run', runId: 'r', part: 'logs' },
    { kind: 'recover', runId: 'r' },
    { kind: 'open_topology' },
  ]

  it('has a place, and a label that says verb and object, unless there is nothing to do', () => {
    for (const action of actions) {
      expect(routeOfAction(action)).not.toBeNull()
      expect(labelOfAction(action)).toMatch(/^(Choose|Make|Open|Recover) (a|the) \w+$/)
    }
    expect(routeOfAction({ kind: 'none' })).toBeNull()
    expect(labelOfAction({ kind: 'none' })).toBe('')
  })

  it('opens a run at the part that it names', () => {
    expect(routeOfAction({ kind: 'open_run', runId: 'r', part: 'gates' })).toEqual(
      routeTo('runs', { id: 'r', tab: 'gates' }),
    )
    expect(routeOfAction({ kind: 'open_run', runId: 'r', part: 'overview' })).toEqual(
      routeTo('runs', { id: 'r' }),
    )
  })
})
