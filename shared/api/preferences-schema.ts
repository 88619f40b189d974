import { z } from 'zod'
import type { Preferences } from './preferences.ts'

const name = z.string().max(200)

/** What a file or a client may say about how the dashboard looks; bounded, because it is kept. */
export const preferencesSchema: z.ZodType<Preferences> = z.strictObject({
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  density: z.enum(['comfortable', 'compact']),
  time: z.enum(['local', 'utc', 'relative']),
  wrapLogs: z.boolean(),
  letterShortcuts: z.boolean(),
  hiddenColumns: z.array(name).max(100),
  panels: z.record(name, z.number().min(0).max(100)),
  filters: z.record(name, z.string().max(2_000)),
})
