import { describe, expect, it } from 'vitest'
import { listAskedFor, sayLevel, sayProtection } from '../../renderer/screens/settings/confirmation-words.ts'
import { listServers, sayPassword } from '../../renderer/screens/settings/password-words.ts'
import { readSettingsTab, settingsTabs } from '../../renderer/screens/settings/settings-tabs.ts'
import { confirmationLevelOf } from '../../shared/plan/confirmation-level.ts'
import type { Environment, Protection } from '../../shared/plan/environment.ts'

const place = (protection: Protection): Environment => ({
  name: 'acme',
  protection,
  why: 'lockstep.yml says so',
})

describe('what each action asks for', () => {
  it.each(['local', 'shared', 'production'] as const)(
    'is what the engine demands in a %s environment',
    protection => {
      const asked = listAskedFor(place(protection))
      expect(asked).toHaveLength(8)
      for (const { action, level, asks } of asked) {
        expect(level).toBe(confirmationLevelOf(action, protection))
        expect(asks).toBe(sayLevel(level, 'acme'))
      }
    },
  )

  it('is the typed name and a reason where production is changed', () => {
    const apply = listAskedFor(place('production')).find(one => one.action === 'apply')
    expect(apply?.asks).toBe('a dialog in which acme is typed exactly, and a reason')
  })

  it('says why an environment is protected as it is', () => {
    expect(sayProtection(place('shared'))).toBe('shared: others work with it (lockstep.yml says so)')
  })
})

describe('the password of a server', () => {
  it.each([
    [false, false, 'No password is remembered.'],
    [true, false, 'A password is remembered.'],
    [false, true, 'The project file gives a password, which comes first.'],
    [true, true, 'A password is remembered, and not used: the project file gives one.'],
  ])('remembered: %s, in the project file: %s', (isRemembered, isConfigured, words) => {
    expect(sayPassword({ server: 'primary', user: 'owner', isRemembered, isConfigured })).toBe(words)
  })

  it('is listed for every server that is declared, and for no other', () => {
    const servers = ['primary', 'standby'].map(server => ({ server, user: null, isConfigured: false }))
    const remembered = [
      { server: 'standby', user: null },
      { server: 'gone', user: null },
    ]
    const listed = listServers({ storage: 'available', why: '', servers, remembered })
    expect(listed.map(({ server, isRemembered }) => [server, isRemembered])).toEqual([
      ['primary', false],
      ['standby', true],
    ])
  })
})

describe('the parts of the settings', () => {
  it('are read from the address, and are the first for any other word', () => {
    expect(settingsTabs.map(part => readSettingsTab(part))).toEqual([...settingsTabs])
    expect([readSettingsTab(null), readSettingsTab('nothing')]).toEqual(['appearance', 'appearance'])
  })
})
