import { z } from 'zod'
import { policyShape } from '../settings/policy.ts'

/** How the tenants of one group are migrated; which they are stands in `lockstep.yml`. */
const groupPolicySchema = z.strictObject({
  mode: z.enum(['atomic', 'independent']).optional(),
  parallel: z.number().int().min(1).max(256).optional(),
  onFailure: z.enum(['stop', 'continue']).optional(),
})

/** What the blocks of a protocol may set: how tenants are migrated. */
export const protocolSchema = z.strictObject({
  ...policyShape,
  vote: z.enum(['fleet', 'group']).default('fleet'),
  groups: z.record(z.string(), groupPolicySchema).default({}),
})

/** What the front matter of a protocol says. */
export const frontMatterSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
})
