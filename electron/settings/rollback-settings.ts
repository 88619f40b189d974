import { z } from 'zod'
import { count } from './value-types.ts'

/** What is kept of a tenant before it is touched. */
export const snapshotsSchema = z
  .strictObject({
    data: z
      .enum(['never', 'irreversible', 'always'])
      .default('never')
      .describe('When a copy of the data is taken, beside the fingerprint that always is.'),
    how: z
      .enum(['auto', 'template', 'dump'])
      .default('auto')
      .describe(
        'template: a copy of the database on its server; dump: a file of pg_dump, which runs in the container of the server or on this machine.',
      ),
    keep: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(3)
      .describe('How many snapshots of a tenant are kept; the last one before a run is never deleted.'),
    verify: z.boolean().default(true).describe('Whether each copy is restored once, to see that it can be.'),
    minFreeBytes: count.default(268_435_456).describe('Bytes that have to stay free on the disk.'),
  })
  .prefault({})
  .describe('Copies that a rollback can restore.')

/** How a committed run is undone. */
export const rollbackSchema = z
  .strictObject({
    ways: z
      .array(z.enum(['downgrade', 'snapshot']))
      .min(1)
      .default(['downgrade', 'snapshot'])
      .describe('The ways that may be taken, the preferred one first.'),
  })
  .prefault({})
  .describe('How a committed run is undone.')
