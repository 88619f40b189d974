import { z } from 'zod'
import { specifyGate } from './gate-spec.ts'
import { count, seconds } from './value-types.ts'

/** Gates about who would wait for whom, and how long. */
export const lockGates = {
  lock_budget: specifyGate({
    title: 'Waits for locks are short',
    why: 'A strong lock is held until its transaction ends, and every later session queues behind it.',
    remedy:
      'Split the statement, build indexes concurrently, validate constraints later, or raise the budget.',
    momentary: true,
    furtherSettings: ['rehearsal.when'],
    settings: z
      .strictObject({
        maxReaderBlockSeconds: seconds.default(2).describe('Longest time that readers of a table may wait.'),
        maxWriterBlockSeconds: seconds.default(30).describe('Longest time that writers of a table may wait.'),
        largeTableRows: count
          .default(1_000_000)
          .describe('A table with more rows must not be scanned or rewritten while anything is locked.'),
      })
      .prefault({})
      .describe('How long statements may keep others waiting, as the rehearsal measured it.'),
  }),

  rewrite: specifyGate({
    title: 'No large table is rewritten',
    why: 'A rewrite holds off every reader and needs the room of the table twice, on every standby too.',
    remedy: 'Add a new column, fill it in portions and swap, or migrate in a quiet hour with a higher limit.',
    // Sizes are estimates of the moment.
    momentary: true,
    settings: z
      .strictObject({
        maxRows: count.default(1_000_000).describe('Most rows of a table that may be rewritten.'),
        maxBytes: count.default(1_073_741_824).describe('Most bytes of a table that may be rewritten.'),
      })
      .prefault({})
      .describe('Which tables may be rewritten.'),
  }),

  blocking_queries: specifyGate({
    title: 'No session blocks the migration',
    why: 'A migration that waits for a lock makes every reader of that table wait behind it.',
    remedy: 'Wait for these sessions, or end them with the statement that the answer gives.',
    momentary: true,
    settings: z
      .strictObject({
        longTransactionSeconds: seconds.default(30).describe('Oldest transaction that is tolerated.'),
        idleInTransactionSeconds: seconds
          .default(5)
          .describe('Longest time that a session may be idle in a transaction.'),
        preparedTransactionSeconds: z
          .number()
          .min(0)
          .default(0)
          .describe('Oldest prepared transaction of another program that is tolerated.'),
      })
      .prefault({})
      .describe('Sessions that would make the migration wait.'),
  }),
}
