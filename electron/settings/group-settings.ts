import { z } from 'zod'

/** Whether groups wait for each other. */
export const voteSchema = z
  .enum(['fleet', 'group'])
  .default('fleet')
  .describe('Whether all groups vote before the first commits (fleet), or each for itself (group).')

/** How the tenants of one group are migrated. */
export const groupPolicyShape = {
  mode: z
    .enum(['atomic', 'independent'])
    .describe('atomic: all of the group or none of it; independent: each tenant alone.'),
  parallel: z.number().int().min(1).max(256).describe('Tenants at the same time.'),
  onFailure: z
    .enum(['stop', 'continue'])
    .describe('With independent: whether the others go on when one fails.'),
}

export const groupsWords = 'Tenants that migrate together, in waves; what no group takes comes last.'
