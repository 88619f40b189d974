import { describe, expect, it } from 'vitest'
import { nearestKey } from '../../electron/lib/nearest-key.ts'

const known = ['tenants', 'servers', 'groups', 'migrations', 'lockTimeoutSeconds', 'vote']

describe('nearestKey', () => {
  it.each<[string, string | null]>([
    ['tenant', 'tenants'],
    ['Tenants', 'tenants'],
    ['sevrers', 'servers'],
    ['migration', 'migrations'],
    ['lock_timeout_seconds', 'lockTimeoutSeconds'],
    ['lockTimeout', null],
    ['voet', 'vote'],
    ['replicas', null],
    ['x', null],
    ['', null],
  ])('finds for %j: %j', (misspelt, nearest) => {
    expect(nearestKey(misspelt, known)).toBe(nearest)
  })

  it('finds nothing among nothing', () => {
    expect(nearestKey('tenants', [])).toBeNull()
  })
})
