import { expect, it } from 'vitest'
import { chooseTenants } from '../../../electron/engine/planning/choose-tenants.ts'
import { toFailure } from '../../../shared/failure/failure.ts'

const tenant = (name: string) => ({ name, cluster: 'main', database: name, appRole: null })
const shut = (name: string, why: 'closed' | 'template') => ({ name, why, cluster: 'main', server: 'primary' })
const topology = {
  tenants: [tenant('shop_ash'), tenant('shop_elm')],
  passedOver: [shut('shop_oak', 'closed'), shut('shop_template', 'template')],
}
const config = { drift: { quarantine: [], onOutlier: 'warn' as const } }

function choose(...tenants: readonly string[]) {
  const chosen = chooseTenants({ config, topology, tenants })
  return {
    tenants: chosen.tenants.map(one => one.name),
    closed: chosen.notes.flatMap(note => note.closed ?? []),
    notes: chosen.notes.length,
    unreadable: chosen.unreadable.map(one => one.tenant),
  }
}

it('passes over what a pattern matches beside tenants, and notes which of it is closed', () => {
  const passed = { tenants: ['shop_ash', 'shop_elm'], closed: ['shop_oak'], notes: 2, unreadable: [] }
  expect(choose()).toEqual(passed)
  expect(choose('shop_*')).toEqual(passed)
})

it('takes a closed database for a tenant where it is asked for by its name, or by a pattern that matches nobody else', () => {
  const asked = { tenants: ['shop_ash'], closed: [], notes: 0, unreadable: ['shop_oak'] }
  expect(choose('shop_ash', 'shop_oak')).toEqual(asked)
  expect(choose('shop_ash', '*_oak')).toEqual(asked)
})

it('says nothing of closed databases that nobody has asked for, and refuses names that nobody has', () => {
  expect(choose('shop_ash')).toEqual({ tenants: ['shop_ash'], closed: [], notes: 0, unreadable: [] })
  const refused = (() => {
    try {
      return choose('shop_yew')
    } catch (error) {
      return toFailure(error)
    }
  })()
  expect(refused).toMatchObject({ kind: 'tenant_unknown', tenant: 'shop_yew' })
})
