import { describe, expect, it } from 'vitest'
import type { Inspection } from '../../../electron/engine/ports/inspection.ts'
import { type ExpectedFingerprints, inspectVote } from '../../../electron/engine/voting/inspect-vote.ts'
import { item } from '../catalog-items.ts'
import { makeStep } from '../sample-plans.ts'

const clean: Inspection = {
  xid: '7',
  fingerprint: 'after',
  invalidIndexes: [],
  unvalidatedConstraints: [],
  heads: ['0002'],
}

const route = { id: 'from-0001', from: ['0001'], to: ['0002'], steps: [makeStep('0002')] }

const expectation = (changes: Partial<Parameters<typeof inspectVote>[1]> = {}) => ({
  tenant: 'acorn',
  route,
  snapshot: { heads: ['0001'], fingerprint: 'before', items: [] },
  expectedHeads: ['0002'],
  fingerprints: new Map() as ExpectedFingerprints,
  allowUnvalidated: false,
  ...changes,
})

const broken = (kind: string, ident: string) => ({
  snapshot: {
    heads: ['0001'],
    fingerprint: 'before',
    items: [item(kind, ident, '', { isValid: false })],
  },
})

describe('the inspection before a vote', () => {
  it('lets a clean result through', () => {
    expect(inspectVote(clean, expectation())).toBeNull()
  })

  it('takes heads for equal in whatever order they come', () => {
    const inspection = { ...clean, heads: ['b', 'a'] }
    expect(inspectVote(inspection, expectation({ expectedHeads: ['a', 'b'] }))).toBeNull()
  })

  it('stops a tenant whose version table does not hold the target', () => {
    expect(inspectVote({ ...clean, heads: [] }, expectation())).toMatchObject({
      kind: 'inspection_failed',
      tenant: 'acorn',
      problem: 'the version table does not hold the target',
      evidence: ['expected 0002', 'found nothing'],
    })
  })

  it('stops an index that the migration left invalid, and not one that was invalid before', () => {
    const inspection = { ...clean, invalidIndexes: ['public.users_email_idx'] }
    expect(inspectVote(inspection, expectation())).toMatchObject({ evidence: ['public.users_email_idx'] })
    expect(inspectVote(inspection, expectation(broken('index', 'public.users_email_idx')))).toBeNull()
    expect(inspectVote(inspection, expectation(broken('table', 'public.users_email_idx')))).not.toBeNull()
  })

  it('stops a constraint that is not validated, unless it was so before or is allowed', () => {
    const inspection = { ...clean, unvalidatedConstraints: ['public.users.users_fk'] }
    expect(inspectVote(inspection, expectation())).toMatchObject({ evidence: ['public.users.users_fk'] })
    expect(inspectVote(inspection, expectation({ allowUnvalidated: true }))).toBeNull()
    expect(inspectVote(inspection, expectation(broken('constraint', 'public.users.users_fk')))).toBeNull()
  })

  it('stops a tenant that ends in another schema than one that started equal', () => {
    const fingerprints: ExpectedFingerprints = new Map()
    expect(inspectVote(clean, expectation({ fingerprints }))).toBeNull()
    expect(inspectVote(clean, expectation({ fingerprints, tenant: 'birch' }))).toBeNull()
    const other = { ...clean, fingerprint: 'something else' }
    expect(inspectVote(other, expectation({ fingerprints, tenant: 'cedar' }))).toMatchObject({
      tenant: 'cedar',
      problem: 'the tenant ends in another schema than one that started equal',
    })
  })

  it('compares only tenants of one starting schema and one route', () => {
    const fingerprints: ExpectedFingerprints = new Map()
    inspectVote(clean, expectation({ fingerprints }))
    const other = { ...clean, fingerprint: 'something else' }
    const snapshot = { heads: ['0001'], fingerprint: 'another start', items: [] }
    expect(inspectVote(other, expectation({ fingerprints, snapshot }))).toBeNull()
    expect(inspectVote(other, expectation({ fingerprints, route: { ...route, id: 'other' } }))).toBeNull()
  })
})
