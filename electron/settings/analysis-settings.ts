import { z } from 'zod'
import { count, reason, seconds } from './value-types.ts'

const rule = z.string().min(1).describe('The rule.')

/** How the statements of a plan are examined. */
export const lintSchema = z
  .strictObject({
    failOn: z
      .enum(['error', 'warning', 'never'])
      .default('error')
      .describe('The weakest finding that stops a run.'),
    largeTableRows: count
      .default(100_000)
      .describe('From this many rows on, what locks or rewrites a table is an error.'),
    disable: z
      .array(z.strictObject({ rule, reason }))
      .default([])
      .describe('Rules that are not applied at all.'),
    waivers: z
      .array(
        z.strictObject({
          rule,
          revision: z
            .string()
            .min(1)
            .optional()
            .describe('Only in this revision; in every one when not given.'),
          reason,
        }),
      )
      .default([])
      .describe('Findings that are accepted.'),
  })
  .prefault({})
  .describe('How the statements of a plan are examined before anything runs.')

/** How a plan is tried on a copy. */
export const rehearsalSchema = z
  .strictObject({
    when: z
      .enum(['plan', 'always', 'never'])
      .default('plan')
      .describe('plan: when a plan is made; always: also when a run meets an unrehearsed plan; never.'),
    where: z
      .enum(['auto', 'server', 'sandbox'])
      .default('auto')
      .describe(
        'Where the copy is made: beside the tenant (server), or in a server that Lockstep starts on this machine (sandbox).',
      ),
    data: z
      .enum(['schema', 'sample', 'full'])
      .default('schema')
      .describe('What is copied: the schema alone, a sample of the rows, or all of them.'),
    reverse: z
      .boolean()
      .default(true)
      .describe('Whether the rehearsal also goes down and up again, to learn what a rollback would lose.'),
    timeoutSeconds: seconds.default(600).describe('Time for all of it.'),
  })
  .prefault({})
  .describe('Running a plan on a copy before it is approved.')

/** What happens to tenants that differ. */
export const driftSchema = z
  .strictObject({
    onOutlier: z
      .enum(['stop', 'warn'])
      .default('warn')
      .describe('What happens where there is one: warn, or stop the run.'),
    quarantine: z
      .array(z.strictObject({ tenant: z.string().min(1).describe('The tenant.'), reason }))
      .default([])
      .describe('Tenants that are left alone.'),
  })
  .prefault({})
  .describe('Tenants that have another schema than the others of their revision.')
