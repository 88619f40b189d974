import { z } from 'zod'
import type { Confirmation } from '../plan/confirmation-level.ts'
import { logSources } from '../run/event-spec.ts'
import { phaseNames } from '../run/phase.ts'
import type { LogFilter, LogQuery } from './log-line.ts'

/** The largest log that may be opened from a file. */
const importedBytes = 64 * 1_024 * 1_024

export const nothing = z.strictObject({})
export const text = z.string().min(1).max(4_096)
export const comment = z.string().max(4_000)
export const logText = z.string().max(importedBytes)
export const name = z.string().min(1).max(300)
export const names = z.array(name).max(10_000)
export const runId = z.string().min(1).max(64)
export const planId = z.string().regex(/^[0-9a-f]{64}$/, 'not the id of a plan')
export const count = z.number().int().min(0).max(1_000_000_000)

/** PostgreSQL's own programs read no longer one, and no byte of zero can be sent. */
export const password = z
  .string()
  .min(1)
  .max(1_000)
  .refine(given => !given.includes('\0'), 'a password has no zero byte')

export const confirmation: z.ZodType<Confirmation | null> = z.nullable(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('acknowledged') }),
    z.strictObject({
      kind: z.literal('named'),
      environment: z.string().max(300),
      reason: z.string().max(4_000),
    }),
  ]),
)

export const filter: z.ZodType<LogFilter> = z.strictObject({
  tenant: name.exactOptional(),
  phase: z.enum(phaseNames).exactOptional(),
  gate: name.exactOptional(),
  source: z.enum(logSources).exactOptional(),
  attempt: z.number().int().min(1).max(10_000).exactOptional(),
  problemsWith: z.number().int().min(0).max(100).exactOptional(),
})

export const query: z.ZodType<LogQuery> = z.strictObject({
  text: z.string().max(1_000),
  matchCase: z.boolean(),
  wholeWord: z.boolean(),
  isRegex: z.boolean(),
})
