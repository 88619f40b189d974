import { z } from 'zod'
import { count, seconds } from './value-types.ts'

/** How a run goes through the tenants. */
export const executionSchema = z
  .strictObject({
    lockTimeoutSeconds: seconds
      .default(2)
      .describe(
        'How long a statement waits for a lock before the tenant is tried again; longer than deadlock_timeout, or autovacuum never gives way.',
      ),
    statementTimeoutSeconds: seconds.default(600).describe('Longest time for one statement.'),
    lockRetries: count
      .default(5)
      .describe('How often a tenant is tried again that did not get a lock in time.'),
    voteDeadlineSeconds: seconds
      .default(120)
      .describe(
        'Longest time that prepared tenants are held, and readers of their tables wait; then every vote is rolled back.',
      ),
    replicaDeadlineSeconds: seconds
      .default(60)
      .describe('How long standbys may take to replay what was committed.'),
    parallelPerServer: z
      .number()
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe('Most tenants of one server at the same time, as far as its connections reach.'),
    connectionsPerServer: z
      .number()
      .int()
      .min(4)
      .max(1_000)
      .default(16)
      .describe(
        'Most connections to one server, whatever the number of tenants; three of them are for the run itself.',
      ),
    lockWaitSeconds: z
      .number()
      .min(0)
      .default(0)
      .describe('How long to wait for another run to end; 0: not at all.'),
    settleSeconds: seconds
      .default(30)
      .describe('How long undoing and proving wait for a server that went away.'),
    replay: z
      .enum(['auto', 'never'])
      .default('auto')
      .describe(
        'Whether tenants that begin alike are sent the statements that Alembic sent to the first two; never: Python runs for each.',
      ),
    allowUnvalidated: z
      .boolean()
      .default(false)
      .describe('Whether a migration may leave constraints NOT VALID on purpose.'),
  })
  .prefault({})
  .describe('How long things may take, and how much happens at once.')
