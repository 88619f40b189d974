import type { Plan, PlannedTenant } from '../../../shared/plan/plan.ts'

/** Tenants of the sample runs, in the order of the plan. */
export const sampleTenants = ['ash', 'birch', 'cedar', 'dogwood', 'elm'] as const

/** Catalog fingerprint of a sample tenant before and after. */
export const fingerprints = { before: 'e'.repeat(64), after: 'f'.repeat(64) }

function plan(tenant: string): PlannedTenant {
  return {
    tenant,
    cluster: 'main',
    database: `shop_${tenant}`,
    from: ['0001'],
    route: 'r1',
    fingerprint: fingerprints.before,
  }
}

/** Two groups, a canary and the rest, from 0001 to 0003. */
export const samplePlan: Plan = {
  planId: '4f1c'.repeat(16),
  source: 'alembic',
  target: ['0003'],
  vote: 'fleet',
  routes: [
    {
      id: 'r1',
      from: ['0001'],
      to: ['0003'],
      steps: ['0002', '0003'].map(revision => ({
        revision,
        message: revision === '0002' ? 'add users.email' : 'make users.email unique',
        file: `versions/${revision}.py`,
        checksum: revision.repeat(16),
        headsAfter: [revision],
        transactional: true,
        reason: '',
        statements: [{ sql: `-- ${revision}`, tables: ['public.users'] }],
        unrendered: '',
      })),
    },
  ],
  groups: [
    {
      name: 'canary',
      wave: 1,
      mode: 'atomic',
      modeReason: 'asked for',
      parallel: 1,
      tenants: [plan('ash')],
    },
    {
      name: 'rest',
      wave: 2,
      mode: 'atomic',
      modeReason: 'asked for',
      parallel: 4,
      tenants: sampleTenants.slice(1).map(plan),
    },
  ],
  notes: [],
  gatesHash: '0a'.repeat(32),
}
