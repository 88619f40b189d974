import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { formatRollback } from '../../../electron/cli/format/format-rollback.ts'
import type { RollbackProposal, TenantRollback } from '../../../shared/run/rollback.ts'
import { sampleProposal } from '../../shared/samples/proposal.ts'

const [sample] = sampleProposal().tenants

function format(tenants: readonly TenantRollback[], more: Partial<RollbackProposal> = {}): string {
  return stripVTControlCharacters(formatRollback({ ...sampleProposal(), refusal: null, ...more, tenants }))
}

describe('a proposed rollback on the terminal', () => {
  it('tells a fleet of equal tenants once', () => {
    const tenants = Array.from({ length: 1_000 }, (_, at) => ({ ...sample!, tenant: `tenant-${at}` }))
    const text = format(tenants)
    expect(text).toContain(': 1000 tenants')
    expect(text).toContain('tenant-0, tenant-1, ')
    expect(text).toContain(' and 990 more  ')
    expect(text.split('\n').length).toBeLessThan(15)
  })

  it('counts the tenants that it leaves out, and says where they are', () => {
    const tenants = Array.from({ length: 32 }, (_, at) => ({
      ...sample!,
      tenant: `tenant-${at}`,
      evidence: [`${at} rows left`],
    }))
    expect(format(tenants)).toContain('  and 2 tenants more: --json has them all\n')
  })

  it('says of each loss who has it', () => {
    const lossy = { ...sample!, losses: ['2 rows of table refunds'] }
    const both = format([lossy, { ...lossy, tenant: 'elm' }], { isLossless: false })
    expect(both).toContain('each would lose 2 rows of table refunds')
    expect(both).toContain("--accept-loss --reason='...'")
    expect(format([lossy], { isLossless: false })).toContain('      would lose 2 rows of table refunds')
  })
})
