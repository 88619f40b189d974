import { z } from 'zod'
import { phaseNames } from '../../shared/run/phase.ts'

/** The version of the facts; fields are only ever added to it. */
const hookFactsVersion = 1

const tenant = z.strictObject({
  tenant: z.string(),
  cluster: z.string(),
  database: z.string(),
  group: z.string().nullable().describe('Null until the plan is made.'),
  from: z
    .array(z.string())
    .nullable()
    .describe('Heads before the run; empty: nothing was applied yet. Null until the plan is made.'),
  to: z.array(z.string()).nullable().describe('Heads after the run. Null until the plan is made.'),
})

/** What an executable is told on its standard input, as one JSON document. No secrets. */
const hookFactsSchema = z
  .strictObject({
    v: z.literal(hookFactsVersion),
    hook: z.string().describe('Its name in the configuration.'),
    runId: z.string(),
    project: z.string(),
    environment: z.strictObject({
      name: z.string(),
      protection: z.enum(['local', 'shared', 'production']),
    }),
    moment: z.enum(['before', 'after']),
    phase: z.enum(phaseNames),
    per: z.enum(['run', 'group', 'tenant']),
    group: z
      .string()
      .nullable()
      .describe('The group that it is asked about; null where it is about no single one.'),
    tenants: z
      .array(tenant)
      .describe('Those that it is asked about: of the run, of the group, or one. Empty before any is known.'),
    planId: z.string().nullable().describe('Null until the plan is made.'),
    statements: z
      .int()
      .min(0)
      .nullable()
      .describe('Statements that the plan shows, counted once for each route. Null until the plan is made.'),
    committed: z.array(z.string()).describe('Tenants that this run has committed so far.'),
    failure: z
      .strictObject({ kind: z.string(), what: z.string() })
      .nullable()
      .describe('Why the run is rolled back; only after `rollback`.'),
  })
  .describe('What a hook of Lockstep is told on its standard input.')

export type HookFacts = z.infer<typeof hookFactsSchema>

/** The JSON Schema (2020-12) of these facts, as it is published in the package. */
export function hookFactsJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(hookFactsSchema, { target: 'draft-2020-12' })
  return { $schema, $id: 'urn:lockstep:hook-facts:1', title: 'Facts for a Lockstep hook', ...schema }
}
