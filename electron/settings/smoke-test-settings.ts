import { z } from 'zod'
import { count, seconds } from './value-types.ts'

const name = z.string().min(1).describe('A name for the log.')

/** What a group has to show after its commit. */
export const smokeTestSchema = z
  .strictObject({
    isolation: z.boolean().default(true).describe('Whether it is tried again that tenants are kept apart.'),
    queries: z
      .array(
        z.strictObject({
          name,
          sql: z.string().min(1).describe('One query; it runs in a transaction that can only read.'),
          minRows: count.default(1).describe('Fewest rows that it has to give.'),
          timeoutSeconds: seconds.default(10).describe('Time for it.'),
        }),
      )
      .default([])
      .describe('Queries that each tenant answers as its own role; a built-in one where none is given.'),
    http: z
      .array(
        z.strictObject({
          name,
          url: z.string().min(1).describe('http or https; redirects are answers.'),
          status: z.number().int().min(100).max(599).default(200).describe('The status that it has to give.'),
          timeoutSeconds: seconds.default(10).describe('Time for each attempt.'),
          retries: count.default(3).describe('How often to ask again.'),
        }),
      )
      .default([])
      .describe('Addresses that have to answer.'),
    hooks: z
      .array(
        z.strictObject({
          name,
          command: z
            .array(z.string())
            .min(1)
            .describe('The executable and its arguments; no shell reads them.'),
          per: z
            .enum(['group', 'tenant'])
            .default('group')
            .describe('Once for each group, or for each tenant.'),
          timeoutSeconds: seconds
            .default(60)
            .describe('Time for it; then it is killed, and the answer is inconclusive.'),
        }),
      )
      .default([])
      .describe('Executables that have to end with exit 0.'),
  })
  .prefault({})
  .describe('Checks that a group has to pass after its commit.')
