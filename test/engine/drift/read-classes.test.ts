import { describe, expect, it } from 'vitest'
import type { PrintedItem } from '../../../electron/catalog/printed-item.ts'
import { comparedClasses, namedDifferences } from '../../../electron/engine/drift/compare-classes.ts'
import { readClasses } from '../../../electron/engine/drift/read-classes.ts'
import type { Servers } from '../../../electron/engine/ports/servers.ts'
import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import { createContext, never, planned } from '../gates/fake-context.ts'

const column = (name: string, definition = 'text'): PrintedItem => ({
  kind: 'column',
  ident: `public.t.${name}`,
  definition,
})

/** Reads the classes of a plan whose tenants hold these items; also the tenants whose items were read. */
async function read(tenants: readonly PlannedTenant[], itemsOf: (tenant: string) => readonly PrintedItem[]) {
  const { plan, topology, servers } = createContext()
  const asked: string[] = []
  const fingerprint: Servers['fingerprint'] = async (_server, tenant) => {
    asked.push(tenant.name)
    return { hash: '', items: itemsOf(tenant.name) }
  }
  const [group] = plan.groups
  const classes = await readClasses(
    {
      plan: { ...plan, groups: [{ ...group!, tenants }] },
      topology: {
        ...topology,
        tenants: tenants.map(one => ({
          name: one.tenant,
          cluster: 'main',
          database: one.tenant,
          appRole: null,
        })),
      },
    },
    { servers: { ...servers, fingerprint } },
    never,
  )
  return { classes, asked: asked.sort() }
}

describe('classes of schemas', () => {
  it('are one where all tenants are alike, and then no schema is read', async () => {
    const { classes, asked } = await read([planned('ash'), planned('birch', { route: null })], () => [])
    expect(asked).toEqual([])
    expect(classes).toEqual([
      { fingerprint: 'print', heads: ['a0'], tenants: ['ash', 'birch'], isMain: true, differences: [] },
    ])
  })

  it('say how one tenant of each outlier differs from one of its main class', async () => {
    const { classes, asked } = await read(
      [
        planned('odd', { fingerprint: 'other' }),
        planned('ash'),
        planned('birch'),
        planned('odder', { fingerprint: 'other' }),
        planned('cedar'),
      ],
      tenant => (tenant === 'odd' ? [column('a', 'int')] : [column('a'), column('b')]),
    )
    expect(asked).toEqual(['ash', 'odd'])
    expect(classes.map(({ tenants, isMain }) => ({ tenants, isMain }))).toEqual([
      { tenants: ['ash', 'birch', 'cedar'], isMain: true },
      { tenants: ['odd', 'odder'], isMain: false },
    ])
    expect(classes[1]?.differences).toEqual([
      { kind: 'column', object: 'public.t.b', change: 'missing', expected: 'text', found: null },
      { kind: 'column', object: 'public.t.a', change: 'changed', expected: 'text', found: 'int' },
    ])
  })

  it('compare tenants of one revision only, whatever the order of its heads', async () => {
    const { classes, asked } = await read(
      [
        planned('ash', { from: ['b', 'a'] }),
        planned('birch', { from: ['a', 'b'] }),
        planned('cedar', { from: ['c'], fingerprint: 'later' }),
        planned('elm', { from: [], fingerprint: 'nothing' }),
      ],
      () => [],
    )
    expect(asked).toEqual([])
    expect(classes.map(({ heads, tenants, isMain }) => [heads.join('+'), tenants.join(' '), isMain])).toEqual(
      [
        ['a+b', 'ash birch', true],
        ['c', 'cedar', true],
        ['', 'elm', true],
      ],
    )
  })

  it('take the first of two that are as large for the main one', async () => {
    const { classes } = await read(
      [planned('ash', { fingerprint: 'x' }), planned('birch', { fingerprint: 'y' })],
      () => [],
    )
    expect(classes.map(({ fingerprint, isMain }) => [fingerprint, isMain])).toEqual([
      ['x', true],
      ['y', false],
    ])
  })

  it('of a fleet without two alike are compared up to a number of classes, and of objects', async () => {
    const tenants = Array.from({ length: 50 }, (_, index) =>
      planned(`t${index}`, { fingerprint: `print ${index}` }),
    )
    const many = Array.from({ length: 1_000 }, (_, index) => column(`c${index}`))
    const { classes, asked } = await read(tenants, tenant => (tenant === 't0' ? [] : many))
    expect(classes).toHaveLength(50)
    expect(asked).toHaveLength(comparedClasses + 1)
    const compared = classes.filter(one => one.differences.length > 0)
    expect(compared).toHaveLength(comparedClasses)
    for (const one of compared) expect(one.differences).toHaveLength(namedDifferences)
  })

  it('name an outlier all the same when its schema cannot be read just now', async () => {
    const { classes } = await read(
      [planned('ash'), planned('birch'), planned('odd', { fingerprint: 'other' })],
      tenant => {
        if (tenant === 'odd') throw new Error('locked')
        return []
      },
    )
    expect(classes[1]).toMatchObject({ tenants: ['odd'], isMain: false, differences: [] })
  })
})
