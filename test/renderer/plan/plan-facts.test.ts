import { describe, expect, it } from 'vitest'
import {
  isVoid,
  labelOfApply,
  refusalOf,
  statusOfPlan,
  titleOfPlan,
} from '../../../renderer/screens/plan/decision/plan-facts.ts'
import {
  classTenants,
  describeClasses,
  listTenantRows,
  matchesTenantFilter,
  sortTenantRows,
} from '../../../renderer/screens/plan/evidence/tenant-rows.ts'
import { createBigPlan } from '../../support/dashboard/sample-plans.ts'
import { samplePlan, samplePlanView } from '../../support/dashboard/sample-views.ts'

const current = { isReadOnly: false, isCurrent: true }

describe('the sentence about a plan', () => {
  it('says what it does and where it stands', () => {
    expect(titleOfPlan(samplePlanView)).toBe('Migrate 6 tenants to 0003: waits for approval')
    expect(labelOfApply(samplePlan)).toBe('Apply 2 migrations to 6 tenants')
  })

  it('is void as soon as something moved, even before that is on record', () => {
    const view = { ...samplePlanView, moved: ['tenant cedar moved from 0002 to 0003'] }
    expect(isVoid(view)).toBe(true)
    expect(titleOfPlan(view)).toBe('Migrate 6 tenants to 0003: void, something moved')
    expect(statusOfPlan(view)).toBe('cancelled')
  })

  it('does not call a plan void that was started, although its tenants have moved since', () => {
    const record = { ...samplePlanView.record, state: 'started' as const, runId: 'r' }
    expect(isVoid({ ...samplePlanView, record, moved: ['tenant cedar moved from 0002 to 0003'] })).toBe(false)
  })

  it('counts only tenants that move, and says so when none does', () => {
    const groups = samplePlan.groups.map(group => ({
      ...group,
      tenants: group.tenants.map(tenant => ({ ...tenant, route: null })),
    }))
    const view = { ...samplePlanView, plan: { ...samplePlan, routes: [], groups } }
    expect(titleOfPlan(view)).toBe('Nothing to do: 6 tenants at 0003 already')
  })
})

describe('a refusal', () => {
  it('is the engine’s own, in words', () => {
    expect(refusalOf(samplePlanView, 'apply', current)).toBe(
      'The plan is not approved. It was not approved. Nothing was changed.',
    )
    expect(refusalOf(samplePlanView, 'approve', current)).toBeNull()
  })

  it('comes first from a session that only looks, and from a lost connection', () => {
    expect(refusalOf(samplePlanView, 'approve', { ...current, isReadOnly: true })).toContain('read-only')
    expect(refusalOf(samplePlanView, 'approve', { ...current, isCurrent: false })).toContain('not current')
  })

  it('is given where the engine says nothing', () => {
    expect(refusalOf({ ...samplePlanView, possible: [] }, 'approve', current)).not.toBeNull()
  })
})

describe('the classes of tenants', () => {
  const plan = createBigPlan(1_000, 6)
  const classes = classTenants(plan)
  const rows = listTenantRows(plan, classes)

  it('counts tenants that are alike as one, and says how many differ', () => {
    expect(describeClasses(classes)).toBe('5 of 1000 tenants differ from the others at their revision.')
    expect(describeClasses(classTenants(createBigPlan(3, 0)))).toBe(
      'All 3 tenants are identical: same revision, same catalog.',
    )
    expect(describeClasses(classTenants(createBigPlan(1, 0)))).toBe('There is one tenant.')
  })

  it('takes no tenant for an outlier for its revision alone: each has a main class of its own', () => {
    const behind = rows.filter(row => row.from === '0001')
    expect(behind.map(row => row.isOutlier)).toEqual([false, true, true])
    expect(describeClasses(classTenants(createBigPlan(3, 1)))).toBe(
      '3 tenants at 2 revisions: those of a revision are identical.',
    )
  })

  it('tells tenants of one revision apart by their catalog', () => {
    expect(classes.filter(one => one.from === '0002').length).toBeGreaterThan(1)
  })

  it('puts those that differ first, and after them names in the order of people', () => {
    const sorted = sortTenantRows(rows, classes, null)
    expect(sorted.slice(0, 5).every(row => row.isOutlier)).toBe(true)
    expect(sorted[5]?.isOutlier).toBe(false)
    const byName = sortTenantRows(rows, classes, { column: 'tenant', direction: 'descending' })
    expect(byName[0]?.tenant).toBe('tenant-1000')
    expect(byName[1]?.tenant).toBe('tenant-999')
  })

  it('filters by text, group, class and what differs, together', () => {
    const all = { text: '', group: null, class: null, shows: 'all' } as const
    const count = (filter: Parameters<typeof matchesTenantFilter>[1]): number =>
      rows.filter(row => matchesTenantFilter(row, filter)).length
    expect(count(all)).toBe(1_000)
    expect(count({ ...all, shows: 'differ' })).toBe(5)
    expect(count({ ...all, text: 'TENANT-100' })).toBe(2)
    expect(count({ ...all, group: 'canary' })).toBe(1)
    expect(count({ ...all, group: 'canary', class: 2 })).toBeLessThanOrEqual(1)
    expect(count({ ...all, shows: 'at_target' })).toBe(0)
  })
})
