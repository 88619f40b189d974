import { describe, expect, it } from 'vitest'
import type { Inspection } from '../../../electron/engine/ports/inspection.ts'
import type { TableWrites } from '../../../electron/engine/ports/snapshots.ts'
import { chooseCopies } from '../../../electron/engine/snapshots/choose-copies.ts'
import { choosePrunable } from '../../../electron/engine/snapshots/choose-prunable.ts'
import {
  countRowsSince,
  createWriteLedger,
  findUncounted,
} from '../../../electron/engine/snapshots/write-ledger.ts'
import { isCopyName, nameCopy } from '../../../electron/naming/copy-name.ts'
import type { Rehearsal, Reversibility } from '../../../shared/analysis/rehearsal.ts'
import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import { samplePlan } from '../../shared/samples/plan.ts'

const never = new AbortController().signal
const tenant = { name: 'birch', cluster: 'main', database: 'birch', appRole: null }

describe('the names of copies', () => {
  it('say what they are for, fit into 63 bytes and differ where tenants do', () => {
    const runId = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'
    expect(nameCopy('snapshot', runId, 'birch')).toBe(`lockstep_snapshot_${runId.toLowerCase()}_birch`)
    const names = ['a'.repeat(80), `${'a'.repeat(80)}b`, 'Birch', 'birch', 'bïrch', 'b-irch', 'b irch'].map(
      name => nameCopy('snapshot', runId, name),
    )
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
      expect(isCopyName(name)).toBe(true)
    }
    expect(isCopyName('lockstep_demo')).toBe(false)
  })
})

describe('which tenants are copied', () => {
  const planned = samplePlan.groups.flatMap(group => group.tenants.filter(one => one.route !== null))
  const rehearsed = (verdict: Reversibility): Rehearsal =>
    ({
      routes: samplePlan.routes.map(route => ({
        route: route.id,
        tenants: planned.map(one => one.tenant),
        reversibility: { verdict, evidence: [] },
      })),
    }) as unknown as Rehearsal

  it('follows the policy: none, all, or those whose rollback nobody has shown to be without loss', () => {
    expect(chooseCopies(samplePlan, null, { data: 'never' }).size).toBe(0)
    expect(chooseCopies(samplePlan, null, { data: 'always' }).size).toBe(planned.length)
    expect(chooseCopies(samplePlan, rehearsed('lossless'), { data: 'irreversible' }).size).toBe(0)
    for (const verdict of ['lossy', 'impossible', 'not_tried'] as const)
      expect(chooseCopies(samplePlan, rehearsed(verdict), { data: 'irreversible' }).size).toBe(planned.length)
    expect(chooseCopies(samplePlan, null, { data: 'irreversible' }).size).toBe(planned.length)
  })
})

describe('how many copies are kept', () => {
  const copies = (...runs: readonly string[]) =>
    runs.map(runId => ({ runId, tenant: 'birch', cluster: 'main' }) as StoredSnapshot)
  const prunable = (given: readonly StoredSnapshot[], keep: number, ...committed: readonly string[]) =>
    choosePrunable(given, keep, runId => committed.includes(runId)).map(one => one.runId)

  it('is the number of the configuration for each tenant, the newest first', () => {
    expect(prunable(copies('1', '3', '2'), 2, '1', '2', '3')).toEqual(['1'])
    const other = { ...copies('1')[0]!, tenant: 'cedar' }
    expect(prunable([...copies('1', '2'), other], 1, '1', '2')).toEqual(['1'])
  })

  it('never leaves out the last one before a run that committed, nor the last one at all', () => {
    expect(prunable(copies('1', '2', '3', '4'), 2, '1')).toEqual(['2'])
    expect(prunable(copies('1'), 0, '1')).toEqual([])
  })
})

describe('rows that others wrote', () => {
  const stored = { files: 'f', positions: 'p' }
  const writes = (
    tables: Readonly<Record<string, number>>,
    mark = 'm',
    more: Partial<TableWrites> = {},
  ): TableWrites => ({ tables, mark, ...stored, ...more })
  const inspection = (rowsWritten: number): Inspection => ({ xid: '7', rowsWritten }) as Inspection

  /** What is read before the copy, before the vote and after the commit. */
  async function conclude(reads: readonly (TableWrites | null)[], own: Inspection | null) {
    const given = [...reads]
    const ledger = createWriteLedger({ readWrites: async () => given.shift() ?? null })
    await ledger.begin(tenant, never)
    await ledger.atVote(tenant, '2', own)
    return ledger.conclude(tenant, never)
  }

  it("are counted without the migration's own, and with those of tables that it drops", async () => {
    const noted = await conclude(
      [writes({ a: 10, gone: 5 }), writes({ a: 11, gone: 7 }), writes({ a: 14, new: 2 })],
      inspection(5),
    )
    if (!noted.known) throw new Error(noted.why)
    // One row to a before the vote and two to the table that is dropped are others'; five are the migration's.
    expect(countRowsSince(noted, writes({ a: 14, new: 2 }))).toBe(3)
    expect(countRowsSince(noted, writes({ a: 15, new: 4 }))).toBe(6)
  })

  it('are not known after a reset, without counters, or beside steps outside a transaction', async () => {
    const still = writes({ a: 1 })
    expect(await conclude([still, still, writes({ a: 1 }, 'later')], inspection(0))).toMatchObject({
      known: false,
    })
    expect(await conclude([null, still, still], inspection(0))).toMatchObject({ known: false })
    expect(await conclude([still, null, still], inspection(0))).toMatchObject({ known: false })
    expect(await conclude([still, still, still], null)).toMatchObject({
      known: false,
      why: 'a part of the migration ran outside a transaction',
    })
    expect(countRowsSince(null, still)).toBeNull()
    expect(countRowsSince({ baseline: 5, mark: 'm', ...stored }, still)).toBeNull()
  })

  it('are no number where a table was emptied, or a sequence moved without a row', async () => {
    const still = writes({ a: 1 })
    const anew = writes({ a: 1 }, 'm', { files: 'g' })
    expect(await conclude([still, anew, anew], inspection(0))).toMatchObject({
      known: false,
      why: 'a table was emptied or rewritten during the run',
    })
    // What the migration itself rewrites shows after its commit only.
    const noted = await conclude([still, still, anew], inspection(0))
    if (!noted.known) throw new Error(noted.why)
    expect(countRowsSince(noted, anew)).toBe(0)
    expect(findUncounted(noted, still)).toContain('emptied or rewritten')
    const moved = { files: 'g', positions: 'q' }
    expect(findUncounted(noted, writes({ a: 1 }, 'm', moved))).toContain('a sequence')
    expect(countRowsSince(noted, writes({ a: 2 }, 'm', moved))).toBe(1)
    // A log of an earlier version knows neither.
    expect(countRowsSince({ ...noted, files: null, positions: null }, still)).toBe(0)
  })
})
