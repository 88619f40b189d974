import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { defaultPreferences, type Preferences } from '../../../../shared/api/preferences.ts'
import { preferencesSchema } from '../../../../shared/api/preferences-schema.ts'
import { writeAtomically } from '../../../lib/write-atomically.ts'

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
