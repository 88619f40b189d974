import { describe, expect, it } from 'vitest'
import { findEntries, listEntries } from '../../../renderer/app/palette-entries.ts'
import { routeTo } from '../../../renderer/route/route.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { TenantPosition } from '../../../shared/api/topology-view.ts'
import { commands } from '../../../shared/commands/command-list.ts'
import { gateNames } from '../../../shared/plan/verdict.ts'

const run: RunSummary = {
  runId: '01K9ABCDEFGHJKMNPQRSTVWXYZ',
  project: 'demo-shop',
  startedAt: '2026-11-22T10:00:00.000Z',
  outcome: 'rolled_back',
  exitCode: 5,
  alive: false,
  damage: null,
  isImported: false,
}
const tenant = (name: string): TenantPosition => ({
  tenant: name,
  cluster: 'main',
  database: name,
  group: 'rest',
  wave: 2,
  heads: ['0002'],
  behind: 1,
  fingerprint: null,
})
const entries = listEntries(commands, [run], [tenant('acorn'), tenant('birch')])

describe('the palette', () => {
  it('finds commands, runs, tenants and gates', () => {
    expect(entries).toHaveLength(commands.length + 1 + gateNames.length + 2)
    expect(findEntries(entries, 'birch').map(entry => entry.title)).toEqual(['Tenant birch'])
    expect(findEntries(entries, 'foreign').map(entry => entry.kind)).toEqual(['gate'])
    expect(findEntries(entries, '01k9').map(entry => entry.target)).toEqual([
      { kind: 'route', route: routeTo('runs', { id: run.runId }) },
    ])
  })

  it('finds what has every typed word, in any order and case', () => {
    expect(findEntries(entries, 'BACK rolled')).toHaveLength(1)
    expect(findEntries(entries, 'rolled forward')).toEqual([])
  })

  it('puts first what begins with the typed word', () => {
    const titles = findEntries(entries, 'show').map(entry => entry.title)
    const begins = titles.map(title => title.startsWith('Show'))
    expect(begins).toContain(false)
    expect(begins).toEqual([...begins].sort((a, b) => Number(b) - Number(a)))
  })

  it('says of a run how it ended and when', () => {
    expect(entries.find(entry => entry.kind === 'run')?.title).toBe(
      'Run 01K9ABCDEF rolled back, 2026-11-22 10:00',
    )
  })

  it('draws at most 50 of a thousand tenants', () => {
    const all = listEntries(
      [],
      [],
      Array.from({ length: 1_000 }, (_, index) => tenant(`t${index}`)),
    )
    expect(findEntries(all, '')).toHaveLength(50)
    expect(findEntries(all, 't999').map(entry => entry.title)).toEqual(['Tenant t999'])
  })

  it('gives every entry a key of its own', () => {
    expect(new Set(entries.map(entry => entry.key)).size).toBe(entries.length)
  })
})
