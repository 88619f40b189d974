import { z } from 'zod'
import { phaseNames } from '../../shared/run/phase.ts'
import { count, seconds } from './value-types.ts'

const per = 'Once for the run, for each group, or for each tenant.'

const moment = {
  name: z.string().min(1).describe('A name for the log; no two of a kind share it.'),
  before: z.enum(phaseNames).optional().describe('The phase that it stands before.'),
  after: z.enum(phaseNames).optional().describe('The phase that it stands after, where that succeeded.'),
  per: z.enum(['run', 'group', 'tenant']).default('run').describe(per),
}

const timeout = (taken: number) =>
  seconds.default(taken).describe('Time for it; then it is ended, and the answer is inconclusive.')

/** A team's own gates around the phases. */
export const hooksSchema = z
  .strictObject({
    executables: z
      .array(
        z.strictObject({
          ...moment,
          command: z
            .array(z.string())
            .min(1)
            .describe('The executable and its arguments; no shell reads them.'),
          timeoutSeconds: timeout(60),
        }),
      )
      .default([])
      .describe(
        'Programs: exit 0 passes, a timeout is inconclusive, anything else fails. Facts are JSON on standard input.',
      ),
    http: z
      .array(
        z.strictObject({
          ...moment,
          url: z.string().min(1).describe('http or https; redirects are answers.'),
          status: z.number().int().min(100).max(599).default(200).describe('The status that it has to give.'),
          timeoutSeconds: timeout(10),
          retries: count.default(3).describe('How often to ask again.'),
        }),
      )
      .default([])
      .describe(
        'Addresses that have to answer; `{tenant}` and `{group}` stand for the one that is asked about.',
      ),
    sql: z
      .array(
        z.strictObject({
          ...moment,
          per: z.enum(['tenant']).default('tenant').describe(per),
          sql: z
            .string()
            .min(1)
            .describe('One query; passes when the first column of its first row is true.'),
          timeoutSeconds: timeout(10),
        }),
      )
      .default([])
      .describe(
        'Queries that every tenant answers with true, as the migration role, in a transaction that can only read.',
      ),
  })
  .prefault({})
  .describe('The team’s own gates before or after a phase: each has exactly one of `before` and `after`.')
