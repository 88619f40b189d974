import { describe, expect, it } from 'vitest'
import { suggestTenants } from '../../electron/discovery/suggest-tenants.ts'

describe('databases that look like tenants', () => {
  it.each<[string, readonly string[], string | null, readonly string[], readonly string[]]>([
    [
      'a family of names',
      ['tenant_ash', 'tenant_birch', 'app'],
      'app',
      ['tenant_*'],
      ['tenant_ash', 'tenant_birch'],
    ],
    ['the larger of two families', ['a_1', 'a_2', 'b_1', 'b_2', 'b_3'], null, ['b_*'], ['b_1', 'b_2', 'b_3']],
    ['names with dashes', ['shop-ash', 'shop-birch'], null, ['shop-*'], ['shop-ash', 'shop-birch']],
    [
      'a longer beginning that says as much',
      ['eu_shop_1', 'eu_shop_2'],
      null,
      ['eu_shop_*'],
      ['eu_shop_1', 'eu_shop_2'],
    ],
    [
      'every other database where there is no family',
      ['app', 'ash', 'birch'],
      'app',
      ['ash', 'birch'],
      ['ash', 'birch'],
    ],
    ['the only database that there is', ['app'], 'app', ['app'], ['app']],
    ['nothing on an empty server', ['postgres'], null, [], []],
  ])('are %s', (_title, databases, initial, patterns, tenants) => {
    expect(suggestTenants(databases, initial)).toEqual({ patterns, databases: tenants })
  })
})
