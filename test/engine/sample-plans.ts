import { createHash } from 'node:crypto'
import type { Plan, PlannedStep, PlannedTenant } from '../../shared/plan/plan.ts'

/** The hash that the host gives the engine. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A step that votes. */
export function makeStep(revision: string, changes: Partial<PlannedStep> = {}): PlannedStep {
  return {
    revision,
    message: `revision ${revision}`,
    file: `${revision}.sql`,
    checksum: `checksum of ${revision}`,
    headsAfter: [revision],
    transactional: true,
    reason: '',
    statements: [{ sql: `select ${revision}`, tables: ['public.users'] }],
    unrendered: '',
    ...changes,
  }
}

/** A tenant on its way from 0001. */
export function makeTenant(tenant: string, changes: Partial<PlannedTenant> = {}): PlannedTenant {
  return {
    tenant,
    cluster: 'main',
    database: tenant,
    from: ['0001'],
    route: 'from-0001',
    fingerprint: 'as before',
    ...changes,
  }
}

/** Two groups from 0001 to 0003. */
export function makePlanned(changes: Partial<Plan> = {}): Plan {
  return {
    planId: 'a plan',
    source: 'sql',
    target: ['0003'],
    vote: 'fleet',
    routes: [{ id: 'from-0001', from: ['0001'], to: ['0003'], steps: [makeStep('0002'), makeStep('0003')] }],
    groups: [
      {
        name: 'canary',
        wave: 1,
        mode: 'atomic',
        modeReason: 'every step votes',
        parallel: 4,
        tenants: [makeTenant('acorn')],
      },
      {
        name: 'rest',
        wave: 2,
        mode: 'atomic',
        modeReason: 'every step votes',
        parallel: 4,
        tenants: [makeTenant('birch'), makeTenant('cedar')],
      },
    ],
    notes: [],
    gatesHash: 'gates',
    ...changes,
  }
}
