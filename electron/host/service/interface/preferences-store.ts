import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { defaultPreferences, type Preferences } from '../../../../shared/api/preferences.ts'
import { writeAtomically } from '../../../adapters/run-log/write-atomically.ts'

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

/** Keeps how a person wants the dashboard, per machine. */
export interface PreferencesStore {
  /** Defaults where there is no file, or one that cannot be understood. */
  read(): Promise<Preferences>
  write(preferences: Preferences): Promise<Preferences>
}

/** Keeps the preferences in one file. */
export function createPreferencesStore(file: string): PreferencesStore {
  return {
    async read() {
      try {
        return preferencesSchema.parse(JSON.parse(await readFile(file, 'utf8')))
      } catch {
        return defaultPreferences
      }
    },
    async write(preferences) {
      await mkdir(dirname(file), { recursive: true })
      await writeAtomically(file, `${JSON.stringify(preferences, null, 2)}\n`)
      return preferences
    },
  }
}
