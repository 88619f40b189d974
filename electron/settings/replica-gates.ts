import { z } from 'zod'
import { specifyGate } from './gate-spec.ts'
import { count, seconds } from './value-types.ts'

/** Gates about whether standbys and subscribers can follow. */
export const replicaGates = {
  replay_conflict: specifyGate({
    title: 'Standbys can follow',
    why: 'Replay of an exclusive lock waits for the queries in its way, and cancels them when it has waited long enough.',
    remedy:
      'End the long queries on the standby, raise max_standby_streaming_delay for the run, or choose a quiet hour.',
    momentary: true,
    settings: z
      .strictObject({
        maxStallSeconds: seconds
          .default(30)
          .describe('Longest time that replay on a standby may be held up.'),
        subscribers: z
          .enum(['warn', 'fail'])
          .default('warn')
          .describe(
            'What happens where the migration would stop a logical subscriber: warn, or fail to stop the run.',
          ),
      })
      .prefault({})
      .describe('What the migration may do to queries on standbys.'),
  }),

  replica_lag: specifyGate({
    title: 'Replicas keep up',
    why: 'A standby that lags serves the old schema after the primary has changed.',
    remedy: 'Let the standby catch up, resume its replay, or repair its connection to the primary.',
    momentary: true,
    settings: z
      .strictObject({
        maxBytes: count.default(16_777_216).describe('Most bytes of WAL that a standby may be behind.'),
        requireStandbys: z
          .boolean()
          .default(true)
          .describe('Whether every declared standby has to be there.'),
        maxArchiveSeconds: seconds
          .default(3_600)
          .describe(
            'How old the last replayed commit of a standby with replay: archive may be, where it lacks more than a segment of WAL.',
          ),
        undeclared: z
          .enum(['warn', 'fail'])
          .default('warn')
          .describe(
            'What happens where a standby streams that is not declared: warn, or fail to stop the run.',
          ),
        accept: z
          .array(z.string().min(1))
          .default([])
          .describe('Standbys that are known and not declared, by application_name or address.'),
      })
      .prefault({})
      .describe('How close behind its primary each standby has to be.'),
  }),
}
