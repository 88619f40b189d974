import { z } from 'zod'

/** In the server's own form, as the driver sent it. */
const binarySchema = z.object({ binary: z.string() }).transform(({ binary }) => Buffer.from(binary, 'hex'))

const wireSchema = z.object({
  text: z.string(),
  types: z.array(z.number()).exactOptional(),
  values: z.array(z.union([z.string().nullable(), binarySchema])).exactOptional(),
})

const partSchema = z.object({
  revision: z.string(),
  /** Nothing is sent: the revision is in the version table. */
  applied: z.boolean(),
  /** As SQLAlchemy names it in a failure; null for what Lockstep sends itself between two revisions. */
  statement: z.string().nullable(),
  /** As it is reported; null for what is no statement of a revision, such as those of the version table. */
  shown: z.string().nullable(),
  file: z.string().exactOptional(),
  line: z.number().exactOptional(),
  wires: z.array(wireSchema),
})

const startSchema = z.object({
  role: z.string(),
  login: z.string(),
  acting: z.string(),
  path: z.string(),
  /** What the session has set for itself, as JSON. */
  settings: z.string(),
  /** Of all settings, wherever they come from. */
  digest: z.string(),
  /** Whether policies may hide rows from the role, so that a statement which they narrow is an error. */
  isGuarded: z.boolean(),
  versionTable: z.string(),
  hasVersionTable: z.boolean(),
})

/** What one tenant's migration sent, in order, and the session that it was sent in. */
export const recordingSchema = z.object({ start: startSchema, parts: z.array(partSchema) })

/** Why the statements of a revision may be others for the next tenant. */
export const refusalSchema = z.object({
  revision: z.string(),
  reason: z.string(),
  line: z.number().exactOptional(),
})

export type Recording = z.infer<typeof recordingSchema>
export type RecordedPart = z.infer<typeof partSchema>
export type RecordedStart = z.infer<typeof startSchema>
export type ReplayRefusal = z.infer<typeof refusalSchema>
