import { z } from 'zod'
import { specifyGate } from './gate-spec.ts'
import { count, reason, seconds } from './value-types.ts'

/** Gates about what servers have room for, and what their tenants hold and may reach. */
export const serverGates = {
  capacity: specifyGate({
    title: 'Servers have room',
    why: 'A vote holds every tenant prepared at once; a server that runs out in the middle stops it for everyone.',
    remedy:
      'Raise the setting that the answer names (most need a restart), or migrate fewer tenants at once.',
    momentary: true,
    settings: z
      .strictObject({
        spareConnections: count.default(3).describe('Connections that stay free for others.'),
        minFreeDiskBytes: count.default(268_435_456).describe('Bytes that stay free on the disk.'),
        maxLockTableShare: z
          .number()
          .gt(0)
          .max(1)
          .default(0.5)
          .describe('Most of the lock table that the migration may fill, from 0 to 1.'),
      })
      .prefault({})
      .describe('Room that the servers must have.'),
  }),

  isolation_level: specifyGate({
    title: 'Sessions are what a migration needs',
    why: 'Under a snapshot older than its locks a migration does not see the rows that break it, and reports success.',
    remedy: 'Set the level that the answer names for the role or the database: alter role ... set ...',
    momentary: false,
    settings: z
      .strictObject({
        allow: z
          .array(z.enum(['read committed', 'repeatable read', 'serializable']))
          .default(['read committed'])
          .describe('Levels that may be the default.'),
      })
      .prefault({})
      .describe('The isolation level that sessions get.'),
  }),

  foreign_keys: specifyGate({
    title: 'Foreign keys hold',
    why: 'Rows without a parent break the next constraint or join, and a validated constraint does not find them.',
    remedy:
      'Repair or delete the rows that the query of the answer shows, then validate the constraint. Where row-level security holds for the login itself, nothing can be counted: give it BYPASSRLS, or waive the gate.',
    momentary: false,
    settings: z
      .strictObject({
        maxOrphans: count.default(0).describe('Most rows without a parent.'),
        timeoutSeconds: seconds.default(60).describe('Time for counting them, for each tenant.'),
      })
      .prefault({})
      .describe('Rows without a parent, before constraints are touched.'),
  }),

  tenant_isolation: specifyGate({
    title: 'Tenants cannot reach each other',
    why: 'A leak that is there already would be taken for the work of the migration, or be made worse by it.',
    remedy:
      'Revoke the grant that the answer names, or put it under gates.tenant_isolation.allow with a reason.',
    momentary: false,
    settings: z
      .strictObject({
        probes: z
          .boolean()
          .default(true)
          .describe(
            'Whether access is also tried as a tenant’s own role, in a transaction that is rolled back.',
          ),
        allow: z
          .array(
            z
              .strictObject({
                role: z.string().min(1).optional().describe('A role that may reach other tenants.'),
                object: z.string().min(1).optional().describe('An object that may be reached.'),
                reason,
              })
              .refine(({ role, object }) => role !== undefined || object !== undefined, {
                message: 'say which `role` or which `object` is allowed',
              }),
          )
          .default([])
          .describe('Access that is known and wanted.'),
      })
      .prefault({})
      .describe('Whether tenants are kept apart.'),
  }),
}
