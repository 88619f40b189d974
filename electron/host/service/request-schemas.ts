import { z } from 'zod'
import type { InputOf, RequestName } from '../../../shared/api/engine-api.ts'
import type { LogFilter, LogQuery } from '../../../shared/api/log-line.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Confirmation } from '../../../shared/plan/friction.ts'
import { phaseNames } from '../../../shared/run/phase.ts'
import { preferencesSchema } from './interface/preferences-store.ts'

/** The largest log that may be opened from a file. */
const importedBytes = 64 * 1_024 * 1_024

const nothing = z.strictObject({})
const text = z.string().min(1).max(4_096)
const comment = z.string().max(4_000)
const name = z.string().min(1).max(300)
/** PostgreSQL's own programs read no longer one, and no byte of zero can be sent. */
const password = z
  .string()
  .min(1)
  .max(1_000)
  .refine(given => !given.includes('\0'), 'a password has no zero byte')
const names = z.array(name).max(10_000)
const runId = z.string().min(1).max(64)
const planId = z.string().regex(/^[0-9a-f]{64}$/, 'not the id of a plan')
/** To be looked at only: whoever decides says which plan they saw. */
const planIdOrLast = z.union([planId, z.literal('last')])
const count = z.number().int().min(0).max(1_000_000_000)

const confirmation: z.ZodType<Confirmation | null> = z.nullable(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('acknowledged') }),
    z.strictObject({
      kind: z.literal('named'),
      environment: z.string().max(300),
      reason: z.string().max(4_000),
    }),
  ]),
)

const filter: z.ZodType<LogFilter> = z.strictObject({
  tenant: name.exactOptional(),
  phase: z.enum(phaseNames).exactOptional(),
  gate: name.exactOptional(),
  source: z.enum(['engine', 'server', 'migration', 'gate', 'person']).exactOptional(),
  attempt: z.number().int().min(1).max(10_000).exactOptional(),
  problemsWith: z.number().int().min(0).max(100).exactOptional(),
})

const query: z.ZodType<LogQuery> = z.strictObject({
  text: z.string().max(1_000),
  matchCase: z.boolean(),
  wholeWord: z.boolean(),
  isRegex: z.boolean(),
})

const ofRun = z.strictObject({ runId })
const ofPlan = z.strictObject({ planId: planIdOrLast })
const confirmedRun = z.strictObject({ runId, confirmation })

/** What each request may carry: nothing more, and nothing larger. */
const requestSchemas: { readonly [Name in RequestName]: z.ZodType<InputOf<Name>> } = {
  'session.read': nothing,
  'project.open': z.strictObject({ path: text }),
  'demo.open': nothing,
  'overview.read': nothing,
  'topology.read': nothing,
  'topology.forget': nothing,
  'lag.read': nothing,
  'plan.make': z.strictObject({ target: names, tenants: names }),
  'plan.read': ofPlan,
  'plan.check': ofPlan,
  'plan.rehearse': ofPlan,
  'plan.approve': z.strictObject({ planId, confirmation, comment }),
  'plan.reject': z.strictObject({ planId, comment }),
  'run.start': z.strictObject({ planId, confirmation }),
  'run.pause': confirmedRun,
  'run.resume': confirmedRun,
  'run.abort': confirmedRun,
  'run.recover': confirmedRun,
  'rollback.propose': z.strictObject({ runId, tenants: names }),
  'rollback.start': z.strictObject({
    runId,
    rollbackId: planId,
    confirmation,
    acceptLoss: z.strictObject({ reason: z.string().min(3).max(4_000) }).nullable(),
    disconnect: z.boolean(),
  }),
  'protocol.read': nothing,
  'run.list': nothing,
  'run.read': ofRun,
  'run.follow': z.strictObject({ runId, afterSeq: count }),
  'run.unfollow': ofRun,
  'run.compare': z.strictObject({ left: runId, right: runId }),
  'run.import': z.strictObject({ name, text: z.string().max(importedBytes) }),
  'run.report': ofRun,
  'log.range': z.strictObject({ runId, filter, from: count, count: z.number().int().min(0).max(5_000) }),
  'log.search': z.strictObject({ runId, filter, query }),
  'log.firstFailure': z.strictObject({ runId, filter }),
  'log.download': z.strictObject({ runId, kind: z.enum(['jsonl', 'text']) }),
  'preferences.read': nothing,
  'preferences.write': z.strictObject({ preferences: preferencesSchema }),
  'secret.state': nothing,
  'secret.write': z.strictObject({ server: name, password }),
  'secret.forget': z.strictObject({ server: name }),
}

/** Reads a request's input as the contract says; throws `request_invalid`. */
export function parseRequest<Name extends RequestName>(request: Name, input: unknown): InputOf<Name> {
  const result = requestSchemas[request].safeParse(input)
  if (result.success) return result.data
  const [first] = result.error.issues
  const place = first?.path.join('.') ?? ''
  const problem = `${place === '' ? '' : `${place}: `}${first?.message ?? 'not as expected'}`
  throw new LockstepError({ kind: 'request_invalid', request, problem })
}
