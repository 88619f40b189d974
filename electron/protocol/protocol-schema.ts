import { z } from 'zod'
import { groupPolicyShape, groupsWords, voteSchema } from '../settings/group-settings.ts'
import { policyShape } from '../settings/policy.ts'

/** How the tenants of one group are migrated; which they are stands in `lockstep.yml`. */
const groupPolicySchema = z.strictObject(groupPolicyShape).partial()

/** What the blocks of a protocol may set: how tenants are migrated. */
export const protocolSchema = z.strictObject({
  ...policyShape,
  vote: voteSchema,
  groups: z.record(z.string(), groupPolicySchema).default({}).describe(groupsWords),
})

/** What the front matter of a protocol says. */
export const frontMatterSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
})
