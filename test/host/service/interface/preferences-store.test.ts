import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPreferencesStore } from '../../../../electron/host/service/interface/preferences-store.ts'
import { defaultPreferences } from '../../../../shared/api/preferences.ts'

describe('the preferences', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-preferences-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are the defaults before anybody chose', async () => {
    expect(await createPreferencesStore(join(folder, 'none.json')).read()).toEqual(defaultPreferences)
  })

  it('are what was written last, also for the next engine', async () => {
    const file = join(folder, 'deep', 'preferences.json')
    const chosen = { ...defaultPreferences, theme: 'dark', panels: { left: 30 } } as const
    await createPreferencesStore(file).write(chosen)
    expect(await createPreferencesStore(file).read()).toEqual(chosen)
  })

  it.each(['{', '[]', '{"theme":"pink"}', JSON.stringify({ ...defaultPreferences, later: 1 })])(
    'are the defaults where the file holds %s',
    async text => {
      const file = join(folder, 'preferences.json')
      writeFileSync(file, text)
      expect(await createPreferencesStore(file).read()).toEqual(defaultPreferences)
    },
  )
})
