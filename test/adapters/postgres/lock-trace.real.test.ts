import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatementTrace } from '../../../electron/engine/ports/lock-trace.ts'
import {
  needsVersion,
  type PostgresVersion,
  postgresVersions,
  serverOf,
} from '../../support/postgres-versions.ts'
import { alterTableForms } from './lock-forms/alter-table-forms.ts'
import { lockFixture } from './lock-forms/lock-fixture.ts'
import { expectedOn, type LockExpectation, type LockForm } from './lock-forms/lock-form.ts'
import { otherForms } from './lock-forms/other-forms.ts'
import { outsideForms } from './lock-forms/outside-forms.ts'
import { TraceBench } from './lock-forms/trace-bench.ts'

const forms = [...alterTableForms, ...otherForms]

it('knows at least 60 forms of which the manual says how they lock', () => {
  const documented = [...forms, ...outsideForms].filter(form => !form.source.startsWith('unwritten'))
  expect(documented.length).toBeGreaterThanOrEqual(60)
  expect(new Set([...forms, ...outsideForms].map(form => form.sql)).size).toBe(
    forms.length + outsideForms.length,
  )
})

describe.each(postgresVersions)('PostgreSQL %s', version => {
  const server = serverOf(version)
  const test = needsVersion(version)
  let bench: TraceBench

  beforeAll(async () => {
    await server().query('create database shop')
    await server().query(lockFixture, 'shop')
    bench = await TraceBench.open(server(), 'shop')
  })
  afterAll(() => bench?.close())

  test('locks, rewrites and scans by each statement in a transaction what the manual says', async () => {
    const [measured, expected] = [new Map<string, unknown>(), new Map<string, unknown>()]
    for (const form of formsOf(forms, version)) {
      const [trace] = await bench.inside([form.sql])
      expected.set(form.sql, expectedOn(form, version))
      measured.set(form.sql, describeTrace(trace, form))
    }
    expect(measured).toEqual(expected)
  })

  test('shows the locks of each statement outside a transaction, however short it is', async () => {
    const [measured, expected] = [new Map<string, unknown>(), new Map<string, unknown>()]
    for (const form of formsOf(outsideForms, version)) {
      for (const sql of form.before ?? []) await server().query(sql, 'shop')
      const [trace] = await bench.outside([form.sql])
      for (const sql of form.after ?? []) await server().query(sql, 'shop')
      // The server of 14 is told of scans in its own time.
      const scans = version === '14' ? { scans: null } : {}
      expected.set(form.sql, { ...expectedOn(form, version), ...scans })
      measured.set(form.sql, { ...describeTrace(trace, form), ...scans })
    }
    expect(measured).toEqual(expected)
  })
})

function formsOf<Form extends LockForm>(all: readonly Form[], version: PostgresVersion): readonly Form[] {
  return all.filter(form => (form.since ?? 0) <= Number(version))
}

/** A trace in the words of an expectation: of indexes and sequences only those that it names. */
function describeTrace(trace: StatementTrace | undefined, form: LockForm): Required<LockExpectation> {
  if (!trace) throw new Error(`no trace of ${form.sql}`)
  const short = (name: string): string => name.replace(/^public\./, '')
  const isNamed = (relation: string): boolean => relation in form.locks
  const locks = trace.locks.filter(({ kind, relation }) => !/[iIS]/.test(kind) || isNamed(short(relation)))
  return {
    locks: Object.fromEntries(locks.map(({ relation, mode }) => [short(relation), mode])),
    rewrites: trace.rewrites.map(short),
    scans: Object.fromEntries(trace.scans.map(({ relation, rows }) => [short(relation), rows])),
    invalid: trace.invalid.map(short),
  }
}
