import { describe, expect, it } from 'vitest'
import { groupClasses, type TenantSchema } from '../../shared/analysis/group-classes.ts'

const at = (tenant: string, heads: string, fingerprint: string): TenantSchema => ({
  tenant,
  heads: heads.split('+'),
  fingerprint,
})
const tell = (...tenants: readonly TenantSchema[]): readonly string[] =>
  groupClasses(tenants).map(
    one => `${one.isMain ? 'main' : 'outlier'} at ${one.heads.join('+')}: ${one.tenants.join(', ')}`,
  )

describe('the classes of tenants', () => {
  it('have an outlier where the schema differs at one revision, and none for a revision of its own', () => {
    expect(
      tell(at('ash', '1', 'a'), at('birch', '1', 'b'), at('cedar', '2', 'c'), at('oak', '1', 'a')),
    ).toEqual(['main at 1: ash, oak', 'outlier at 1: birch', 'main at 2: cedar'])
  })

  it('know several heads by any order', () => {
    expect(tell(at('ash', 'b+a', 'x'), at('birch', 'a+b', 'x'))).toEqual(['main at a+b: ash, birch'])
  })

  it('have the largest as their main one, and the first of several that are as large', () => {
    expect(tell(at('ash', '1', 'a'), at('birch', '1', 'b'), at('cedar', '1', 'b'))[0]).toBe(
      'main at 1: birch, cedar',
    )
    expect(tell(at('ash', '1', 'a'), at('birch', '1', 'b'))).toEqual([
      'main at 1: ash',
      'outlier at 1: birch',
    ])
  })
})
