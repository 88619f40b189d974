import type { RollbackProposal } from '../../../shared/run/rollback.ts'

/** A rollback of two tenants, each by another way, one of which would lose something. */
export function sampleProposal(): RollbackProposal {
  const before = { heads: ['0002'], fingerprint: 'e'.repeat(64) }
  const after = { heads: ['0003'], fingerprint: 'f'.repeat(64) }
  return {
    rollbackId: 'b'.repeat(64),
    runId: '01K2ZQ6J0000000000000000AA',
    tenants: [
      {
        tenant: 'birch',
        cluster: 'main',
        database: 'birch',
        way: 'downgrade',
        from: after,
        to: before,
        evidence: ['going down on a copy ends in fingerprint eeeeeeeeeeee, as before the run'],
        rowsLost: 0,
        losses: [],
        refusal: null,
      },
      {
        tenant: 'cedar',
        cluster: 'main',
        database: 'cedar',
        way: 'snapshot',
        from: after,
        to: before,
        evidence: ['a verified copy (template) of 8.4 MB from before the run is there'],
        rowsLost: 2,
        losses: ['2 rows that others wrote since the run'],
        refusal: null,
      },
    ],
    isLossless: false,
    refusal: null,
  }
}
