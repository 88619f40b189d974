import { z } from 'zod'
import type { Failure } from '../../../shared/failure/failure.ts'
import { recordingSchema, refusalSchema } from './replay/recording.ts'

const failureSchema = z.custom<Failure>(
  value => typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string',
)
const rowsSchema = z.record(z.string(), z.array(z.record(z.string(), z.unknown())))

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: z.number(), result: z.unknown() }),
  z.object({ type: z.literal('failure'), id: z.number(), failure: failureSchema }),
  z.object({
    type: z.literal('started'),
    backendPid: z.number(),
    xid: z.string().nullable(),
    trace: rowsSchema.optional(),
  }),
  z.object({ type: z.literal('guarded'), rows: rowsSchema }),
  /** A statement that makes an index whose name is taken by a valid one, as the server prints it. */
  z.object({ type: z.literal('existing_index'), sql: z.string(), definition: z.string() }),
  z.object({ type: z.literal('coming'), revision: z.string(), index: z.number(), sql: z.string() }),
  z.object({
    type: z.literal('statement'),
    revision: z.string(),
    index: z.number(),
    sql: z.string(),
    rowCount: z.number().nullable(),
    durationMs: z.number(),
    line: z.number().optional(),
    trace: rowsSchema.optional(),
    traceBefore: rowsSchema.optional(),
  }),
  z.object({ type: z.literal('revision'), revision: z.string() }),
  /** Where that was asked for: what the migration has sent, or why that says nothing of other tenants. */
  z.object({
    type: z.literal('recorded'),
    recording: recordingSchema.nullable(),
    reasons: z.array(refusalSchema),
  }),
  z.object({
    type: z.literal('ready'),
    xid: z.string().nullable(),
    heads: z.array(z.string()),
    rows: rowsSchema,
    trace: rowsSchema.optional(),
  }),
])

/** One line of the runner. */
export type RunnerMessage = z.infer<typeof messageSchema>
/** A line that tells how a migration goes, before its result. */
export type RunnerProgress = Exclude<RunnerMessage, { type: 'result' } | { type: 'failure' }>

/** Reads one line of the runner. */
export function parseMessage(line: string): RunnerMessage {
  return messageSchema.parse(JSON.parse(line))
}

/** Reads the answer to `graph`. */
export const graphSchema = z.object({
  revisions: z.array(
    z.object({
      id: z.string(),
      parents: z.array(z.string()),
      dependsOn: z.array(z.string()),
      labels: z.array(z.string()),
      message: z.string(),
      file: z.string(),
      checksum: z.string(),
      isMerge: z.boolean(),
    }),
  ),
  bases: z.array(z.string()),
  heads: z.array(z.string()),
})

/** Reads the answer to `heads`. */
export const headsSchema = z.object({
  heads: z.array(z.string()),
  versionTable: z.object({ schema: z.string(), name: z.string() }).nullable(),
})

/** Reads the answer to `steps`. */
export const stepsSchema = z.object({
  steps: z.array(
    z.object({
      revision: z.string(),
      direction: z.literal('down').exactOptional(),
      message: z.string(),
      file: z.string(),
      checksum: z.string(),
      headsAfter: z.array(z.string()),
      transactional: z.boolean(),
      reason: z.string(),
      statements: z.array(
        z.object({ sql: z.string(), tables: z.array(z.string()), line: z.number().exactOptional() }),
      ),
      directives: z
        .array(z.object({ line: z.number(), text: z.string(), at: z.number().nullable() }))
        .exactOptional(),
      unrendered: z.string(),
      sourceSql: z.array(z.string()).exactOptional(),
    }),
  ),
})

/** Reads the answer to `migrate`. */
export const migrateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('finished'), xid: z.string().nullable() }),
  z.object({ status: z.literal('rolled_back'), failure: failureSchema }),
  z.object({ status: z.literal('unknown'), xid: z.string().nullable(), failure: failureSchema }),
])
