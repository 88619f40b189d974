import { z } from 'zod'
import { LockstepError } from '../../../shared/failure/failure.ts'

const compose = z.strictObject({
  files: z.array(z.string()).readonly(),
  projectName: z.string().nullable(),
  profiles: z.array(z.string()).readonly(),
  envFiles: z.array(z.string()).readonly().nullable(),
  folder: z.string(),
})

const schema = z.strictObject({
  /** Which project is meant; null opens none. */
  choice: z.strictObject({ config: z.string().nullable(), compose }).nullable().default(null),
  /** Opens the sandbox at once. */
  demo: z.boolean().default(false),
  readOnly: z.boolean().default(false),
  /** The loopback port; 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
  /** Ends the loopback server after so long without a client and without a run; 0 never does. */
  idleMinutes: z.number().min(0).default(60),
  /** The address to show first, such as `#/runs/last`. */
  open: z.string().nullable().default(null),
  /** The log of a run from elsewhere, to be read. */
  importFile: z.string().nullable().default(null),
})

/** What `lockstep open` tells the shell that it starts. */
export type LaunchOptions = Readonly<z.infer<typeof schema>>

/** Reads the one argument of a shell, which is JSON; throws `usage`. */
export function parseLaunchOptions(text: string): LaunchOptions {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    given = undefined
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LockstepError({
    kind: 'usage',
    problem: `these are not the options of a dashboard: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    fix: 'lockstep open',
  })
}
