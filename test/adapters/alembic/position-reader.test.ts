import { describe, expect, it } from 'vitest'
import { createPositionReader } from '../../../electron/adapters/alembic/position-reader.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'

const tenantOf = (name: string, schema?: string): Tenant => ({
  name,
  cluster: 'main',
  database: name,
  appRole: null,
  ...(schema === undefined ? {} : { schema }),
})
const signal = new AbortController().signal
const usual = { schema: 'public', name: 'alembic_version' }

type Sources = Parameters<typeof createPositionReader>[0]
type Found = Awaited<ReturnType<Sources['readVersionTable']>>
type Table = Exclude<Found, 'several' | null>

/** A fleet by what Alembic and the catalog say of it; notes who asked Alembic. */
function openFleet(answers: Readonly<Record<string, { readonly alembic: Table; readonly catalog: Found }>>) {
  const asked: string[] = []
  const read = createPositionReader({
    async askAlembic({ name }) {
      asked.push(name)
      const found = answers[name]?.alembic
      if (!found) throw new Error(`no such tenant: ${name}`)
      const { heads, ...versionTable } = found
      return { heads, versionTable: versionTable.name === '' ? null : versionTable }
    },
    readVersionTable: async ({ name }) => answers[name]?.catalog ?? null,
  })
  return { asked, read: (name: string) => read(tenantOf(name), signal) }
}

const at = (head: string, table = usual) => ({ ...table, heads: [head] })
const nowhere = { schema: '', name: '', heads: [] }

describe('the position of a tenant', () => {
  it('is read without Alembic where two tenants have shown the same place', async () => {
    const both = (head: string) => ({ alembic: at(head), catalog: at(head) })
    const fleet = openFleet({ a: both('1'), b: both('1'), c: both('2'), d: both('1') })
    const found = await Promise.all(['a', 'b', 'c', 'd'].map(fleet.read))
    expect(found.map(position => position.heads)).toEqual([['1'], ['1'], ['2'], ['1']])
    expect(fleet.asked).toEqual(['a', 'b'])
  })

  it('is asked of Alembic where there is another table of that kind, or one in another place', async () => {
    const other = { schema: 'audit', name: 'alembic_version' }
    const fleet = openFleet({
      a: { alembic: at('1'), catalog: at('1') },
      b: { alembic: at('1'), catalog: at('1') },
      several: { alembic: at('2'), catalog: 'several' },
      elsewhere: { alembic: at('3', other), catalog: at('3', other) },
    })
    for (const name of ['a', 'b', 'several']) await fleet.read(name)
    expect((await fleet.read('several')).heads).toEqual(['2'])
    expect((await fleet.read('elsewhere')).heads).toEqual(['3'])
    // The project has shown two places: from now on it is always asked.
    expect((await fleet.read('a')).heads).toEqual(['1'])
    expect(fleet.asked).toEqual(['a', 'b', 'several', 'several', 'elsewhere', 'a'])
  })

  it('is before the first revision where no table of that kind is there', async () => {
    const fleet = openFleet({
      a: { alembic: nowhere, catalog: null },
      b: { alembic: nowhere, catalog: null },
      c: { alembic: nowhere, catalog: null },
      late: { alembic: at('1'), catalog: at('1') },
    })
    for (const name of ['a', 'b', 'c']) expect((await fleet.read(name)).heads).toEqual([])
    expect((await fleet.read('late')).heads).toEqual(['1'])
    expect(fleet.asked).toEqual(['a', 'b', 'late'])
  })

  it('is asked of Alembic again after it could not be asked', async () => {
    const fleet = openFleet({ b: { alembic: at('1'), catalog: at('1') } })
    await expect(fleet.read('a')).rejects.toThrow('no such tenant: a')
    expect((await fleet.read('b')).heads).toEqual(['1'])
    expect((await fleet.read('b')).heads).toEqual(['1'])
    expect(fleet.asked).toEqual(['a', 'b', 'b'])
  })
})
