import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { formatRehearsal } from '../../../electron/cli/format/format-rehearsal.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'

const nothing: PlanAnalysis = {
  planId: 'plan',
  findings: [],
  classes: [],
  quarantined: [],
  rehearsal: null,
  notRehearsed: 'this plan has not been rehearsed',
  forecast: null,
}

const print = (analysis: PlanAnalysis): string => stripVTControlCharacters(formatRehearsal(analysis))

test('says in one line why there is no rehearsal', () => {
  expect(print(nothing)).toBe('\nnot rehearsed: this plan has not been rehearsed\n')
  expect(print({ ...nothing, notRehearsed: '' })).toBe('')
})

test('shows locks, rewrites, what is left invalid, the downgrade and the standbys', () => {
  const told = print({
    ...nothing,
    rehearsal: {
      planId: 'plan',
      at: '2026-01-01T00:00:00.000Z',
      shadow: { kind: 'template', data: 'full', server: 'primary', why: 'nobody is connected' },
      durationMs: 800,
      routes: [
        {
          route: 'from-0001',
          startFingerprint: 'a'.repeat(64),
          representative: 'acorn',
          tenants: ['acorn', 'birch'],
          endFingerprint: 'b'.repeat(64),
          durationMs: 90,
          reversibility: { verdict: 'lossy', evidence: ['public.users.email is lost'] },
          problem: null,
          statements: [
            {
              revision: '0002',
              index: 0,
              sql: 'alter table users\n  alter id type bigint',
              durationMs: 41.2,
              rowCount: null,
              locks: [
                { relation: 'public.orders', kind: 'r', mode: 'ShareRowExclusiveLock', isNew: true },
                { relation: 'public.users', kind: 'r', mode: 'AccessExclusiveLock', isNew: true },
                { relation: 'public.items', kind: 'r', mode: 'AccessExclusiveLock', isNew: false },
                { relation: 'public.users', kind: 'r', mode: 'AccessShareLock', isNew: true },
              ],
              rewrites: ['public.users'],
              scans: [{ relation: 'public.orders', rows: 1 }],
              invalid: ['public.users_idx'],
              transactional: false,
            },
          ],
        },
      ],
    },
    notRehearsed: '',
    forecast: [
      {
        server: 'standby-1',
        cluster: 'main',
        effect: 'clear',
        maxDelayMs: 30_000,
        hotStandbyFeedback: false,
        queries: [],
      },
      {
        server: 'standby-2',
        cluster: 'main',
        effect: 'stall',
        maxDelayMs: -1,
        hotStandbyFeedback: false,
        queries: [{ pid: 7, application: 'report', ageSeconds: 9, tables: ['public.users'] }],
      },
    ],
  })
  expect(told).toMatchInlineSnapshot(`
    "
    Rehearsal  on a copy on primary, with all rows, in 800 ms, at 2026-01-01 00:00:00 UTC
      nobody is connected

      from-0001 on a copy of acorn; holds for acorn, birch
        0002  alter table users alter id type bigint  41 ms  not in a transaction
          ACCESS EXCLUSIVE on public.users: blocks readers and writers
          SHARE ROW EXCLUSIVE on public.orders: blocks writers
          rewrites public.users
          reads public.orders from end to end (1 row)
          leaves public.users_idx invalid
        ends in bbbbbbbbbbbb
        rollback: with loss
          public.users.email is lost
      standby-1: no query there holds a table that the plan locks
      standby-2: replay will stall until 1 query has ended: report (process 7)
    "
  `)
})

test('shows a migration that failed on its copy', () => {
  const told = print({
    ...nothing,
    rehearsal: {
      planId: 'plan',
      at: '2026-01-01T00:00:00.000Z',
      shadow: { kind: 'sandbox', data: 'schema', server: 'sandbox', why: '' },
      durationMs: 800,
      routes: [
        {
          route: 'from-0001',
          startFingerprint: 'a'.repeat(64),
          representative: 'acorn',
          tenants: ['acorn'],
          endFingerprint: null,
          durationMs: 90,
          reversibility: { verdict: 'not_tried', evidence: ['the way up failed'] },
          problem: 'column "note" exists',
          statements: [],
        },
      ],
    },
  })
  expect(told).toMatchInlineSnapshot(`
    "
    Rehearsal  on a copy in a server of our own, without rows, in 800 ms, at 2026-01-01 00:00:00 UTC

      from-0001 on a copy of acorn
        fails  column "note" exists
        rollback: not tried
          the way up failed
    "
  `)
})
