import { describe, expect, test } from 'vitest'
import type { Gate, GateContext } from '../../../electron/engine/checks/gate.ts'
import { judgeGate } from '../../../electron/engine/checks/judge-gate.ts'
import { lockBudget } from '../../../electron/engine/gates/locks/lock-budget.ts'
import { rewrite } from '../../../electron/engine/gates/locks/rewrite.ts'
import { expectedFingerprint } from '../../../electron/engine/gates/plan/expected-fingerprint.ts'
import { reversible } from '../../../electron/engine/gates/plan/reversible.ts'
import { replayConflict } from '../../../electron/engine/gates/replicas/replay-conflict.ts'
import type { StandbyReader } from '../../../electron/engine/ports/replay-facts.ts'
import type { RouteRehearsal, TracedLock, TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { createContext, defaults, never } from './fake-context.ts'

/** A lock as it is taken for the first time. */
function lock(relation: string, mode: TracedLock['mode'] = 'AccessExclusiveLock'): TracedLock {
  return { relation, kind: 'r', mode, isNew: true }
}

function statement(changes: Partial<TracedStatement> = {}): TracedStatement {
  return {
    revision: 'a1',
    index: 0,
    sql: 'alter table orders add note text',
    durationMs: 12,
    rowCount: null,
    locks: [lock('public.orders')],
    rewrites: [],
    scans: [],
    invalid: [],
    transactional: true,
    ...changes,
  }
}

function rehearsed(
  changes: Partial<RouteRehearsal> = {},
  data: 'schema' | 'full' = 'full',
): Pick<GateContext, 'analysis'> {
  const route: RouteRehearsal = {
    route: 'from-a0',
    startFingerprint: 'print',
    representative: 'ash',
    tenants: ['ash', 'birch'],
    statements: [statement()],
    endFingerprint: 'e'.repeat(64),
    durationMs: 20,
    reversibility: { verdict: 'lossless', evidence: ['every value came back'] },
    problem: null,
    ...changes,
  }
  return {
    analysis: {
      ...createContext().analysis,
      notRehearsed: '',
      rehearsal: {
        planId: 'plan',
        at: '2026-01-01T00:00:00.000Z',
        shadow: { kind: 'template', data, server: 'primary', why: '' },
        routes: [route],
        durationMs: 100,
      },
    },
  }
}

const large = { table: 'public.orders', rows: 5_000_000, bytes: 2_000_000_000 }
const small = { table: 'public.orders', rows: 500, bytes: 200_000 }
const sized = (size: typeof large | { table: string; rows: null; bytes: number }) => ({
  schemaFacts: {
    readTables: async () => [size],
    readShapes: async () => [],
    readPolicies: async () => ({ bypasses: true, tables: [] }),
  },
})

/** As the engine judges: what is thrown is an answer, too. */
function judge(gate: Gate, changes: Partial<GateContext>) {
  return judgeGate(gate, createContext(changes as Parameters<typeof createContext>[0]), [], never)
}

const silent = {
  schemaFacts: {
    readTables: async () => {
      throw new Error('no answer')
    },
    readShapes: async () => [],
    readPolicies: async () => ({ bypasses: true, tables: [] }),
  },
}

describe.each([lockBudget, rewrite, expectedFingerprint, reversible, replayConflict])('$name', gate => {
  test('does not apply to a plan that nobody rehearsed', async () => {
    expect(await judge(gate, {})).toMatchObject({
      verdict: 'not_applicable',
      value: 'not rehearsed',
      evidence: [{ fact: 'not rehearsed: this plan has not been rehearsed' }],
    })
  })

  test('cannot judge one where every plan is to be rehearsed', async () => {
    expect(await judge(gate, { rehearsal: { ...defaults.rehearsal, when: 'always' } })).toMatchObject({
      verdict: 'inconclusive',
      remedy: 'lockstep plan --rehearse shows what is in the way.',
    })
  })

  test('lets an ordinary migration through', async () => {
    expect(opens(await judge(gate, { ...rehearsed(), ...sized(small) }))).toBe(true)
  })
})

function opens({ verdict }: { readonly verdict: string }): boolean {
  return verdict === 'passed'
}

describe('lock_budget', () => {
  test('says what is locked, how strongly and for how long', async () => {
    const statements = [
      statement(),
      statement({ index: 1, durationMs: 30, locks: [lock('public.items', 'ShareLock')] }),
    ]
    expect(await judge(lockBudget, rehearsed({ statements }))).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "public.orders: ACCESS EXCLUSIVE for 42 ms (blocks readers and writers), from revision a1, statement 1 on",
            "tenant": "ash",
          },
          {
            "fact": "public.items: SHARE for 30 ms (blocks writers), from revision a1, statement 2 on",
            "tenant": "ash",
          },
        ],
        "remedy": "",
        "threshold": "readers wait at most 2 s, writers 30 s; no table above 1000000 rows is read whole meanwhile",
        "value": "ACCESS EXCLUSIVE on public.orders for 42 ms",
        "verdict": "passed",
      }
    `)
  })

  test('stops what keeps readers out for longer than they may wait, counted to the end of its transaction', async () => {
    const statements = [statement(), statement({ index: 1, durationMs: 2_500, locks: [] })]
    expect(await judge(lockBudget, rehearsed({ statements }))).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "public.orders: ACCESS EXCLUSIVE for 2.5 s (blocks readers and writers), from revision a1, statement 1 on",
            "tenant": "ash",
          },
        ],
        "remedy": "Put what takes long into a revision of its own without a strong lock (create index concurrently; a constraint as not valid, validated later), or raise gates.lock_budget.",
        "threshold": "readers wait at most 2 s, writers 30 s; no table above 1000000 rows is read whole meanwhile",
        "value": "ACCESS EXCLUSIVE on public.orders for 2.5 s",
        "verdict": "failed",
      }
    `)
  })

  test('gives writers more time, and counts a statement outside a transaction by itself', async () => {
    const building = statement({ durationMs: 20_000, locks: [lock('public.orders', 'ShareLock')] })
    expect((await judge(lockBudget, rehearsed({ statements: [building] }))).verdict).toBe('passed')
    const long = { ...building, durationMs: 31_000 }
    expect((await judge(lockBudget, rehearsed({ statements: [long] }))).verdict).toBe('failed')
    const apart = [
      statement({ transactional: false, durationMs: 1 }),
      statement({ index: 1, transactional: false, durationMs: 60_000, locks: [] }),
    ]
    expect((await judge(lockBudget, rehearsed({ statements: apart }))).verdict).toBe('passed')
  })

  test('on a copy without rows it goes by the size of what is read while it is locked', async () => {
    const statements = [statement({ scans: [{ relation: 'public.orders', rows: 0 }] })]
    const answer = await judge(lockBudget, { ...rehearsed({ statements }, 'schema'), ...sized(large) })
    expect(answer).toMatchObject({ verdict: 'failed' })
    expect(answer.evidence[0]?.fact).toContain(
      'public.orders with about 5000000 rows is read or written from end to end meanwhile',
    )
    expect(
      (await judge(lockBudget, { ...rehearsed({ statements }, 'schema'), ...sized(small) })).verdict,
    ).toBe('passed')
    expect((await judge(lockBudget, { ...rehearsed({ statements }), ...sized(large) })).verdict).toBe(
      'passed',
    )
    const unknown = { ...large, rows: null }
    expect(
      (await judge(lockBudget, { ...rehearsed({ statements }, 'schema'), ...sized(unknown) })).verdict,
    ).toBe('failed')
  })

  test('cannot judge when the sizes cannot be read', async () => {
    const statements = [statement({ scans: [{ relation: 'public.orders', rows: 0 }] })]
    expect(await judge(lockBudget, { ...rehearsed({ statements }, 'schema'), ...silent })).toMatchObject({
      verdict: 'inconclusive',
    })
  })
})

describe('rewrite', () => {
  const statements = [statement({ rewrites: ['public.orders', 'public.orders_pkey'] })]

  test('lets a small table be rewritten, and names it', async () => {
    expect(await judge(rewrite, { ...rehearsed({ statements }), ...sized(small) })).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "public.orders (about 500 rows, 200.0 kB) is rewritten by revision a1, statement 1 for ash, birch",
          },
        ],
        "remedy": "",
        "threshold": "at most 1000000 rows and 1.1 GB",
        "value": "1 rewrite",
        "verdict": "passed",
      }
    `)
  })

  test('stops the rewrite of a large one, by its rows or its bytes', async () => {
    expect(await judge(rewrite, { ...rehearsed({ statements }), ...sized(large) })).toMatchObject({
      verdict: 'failed',
    })
    const wide = { table: 'public.orders', rows: null, bytes: 2_000_000_000 }
    expect(await judge(rewrite, { ...rehearsed({ statements }), ...sized(wide) })).toMatchObject({
      verdict: 'failed',
    })
  })

  test('cannot judge when the sizes cannot be read', async () => {
    expect(await judge(rewrite, { ...rehearsed({ statements }), ...silent })).toMatchObject({
      verdict: 'inconclusive',
    })
  })
})

describe('expected_fingerprint', () => {
  test('says in which schema every tenant of a class must end', async () => {
    expect(await judge(expectedFingerprint, rehearsed())).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "from-a0: ash, birch must end in eeeeeeeeeeee",
          },
        ],
        "remedy": "",
        "threshold": "every route runs on a copy and ends in a known schema",
        "value": "1 of 1 class with an expected schema",
        "verdict": "passed",
      }
    `)
  })

  test('stops a plan that failed on a copy', async () => {
    const failed = rehearsed({ problem: 'column "note" exists', endFingerprint: null, statements: [] })
    expect(await judge(expectedFingerprint, failed)).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "from-a0 fails on a copy: column "note" exists",
            "tenant": "ash",
          },
        ],
        "remedy": "Fix the migration, or what it fails on, and plan again.",
        "threshold": "every route runs on a copy and ends in a known schema",
        "value": "0 of 1 class with an expected schema",
        "verdict": "failed",
      }
    `)
  })

  test('stops a group that votes on what cannot be prepared, and lets one through that does not', async () => {
    const vote = {
      verdict: 'refused' as const,
      evidence: ['cannot PREPARE a transaction that has executed NOTIFY', 'revision a1: alter table orders'],
    }
    const answer = await judge(expectedFingerprint, rehearsed({ vote }))
    expect(answer).toMatchObject({
      verdict: 'failed',
      remedy: expect.stringContaining('mode: independent for the group'),
    })
    expect(JSON.stringify(answer.evidence)).toContain('revision a1: alter table orders')
    const { plan } = createContext()
    const groups = plan.groups.map(group => ({ ...group, mode: 'independent' as const }))
    const alone = { ...rehearsed({ vote }), plan: { ...plan, groups } }
    expect(await judge(expectedFingerprint, alone)).toMatchObject({ verdict: 'passed' })
  })

  test('warns where only rows would tell whether it can be prepared', async () => {
    const vote = { verdict: 'unknown' as const, evidence: ['the trigger tell of orders notifies'] }
    expect(await judge(expectedFingerprint, rehearsed({ vote }))).toMatchObject({
      verdict: 'warned',
      remedy: expect.stringContaining('rehearsal.data: sample'),
    })
  })

  test('does not hold it against a migration that it was kept away from the servers', async () => {
    const notRehearsed = 'Not rehearsed, because create role a reaches beyond the database'
    const kept = rehearsed({ notRehearsed, endFingerprint: null, statements: [] })
    expect(await judge(expectedFingerprint, kept)).toMatchObject({ verdict: 'warned' })
    const wanted = { ...kept, rehearsal: { ...defaults.rehearsal, when: 'always' as const } }
    expect(await judge(expectedFingerprint, wanted)).toMatchObject({ verdict: 'inconclusive' })
  })

  test('warns where the copy could not be like the tenants', async () => {
    expect(await judge(expectedFingerprint, rehearsed({ endFingerprint: null }))).toMatchObject({
      verdict: 'warned',
    })
  })
})

describe('reversible', () => {
  const lossy = rehearsed({ reversibility: { verdict: 'lossy', evidence: ['public.orders.note is lost'] } })
  const impossible = rehearsed({
    reversibility: { verdict: 'impossible', evidence: ['there is no downgrade'] },
  })
  const strict = { settings: { ...defaults.gates, reversible: { require: 'lossless' as const } } }

  test('warns of what a downgrade would lose, and of none at all', async () => {
    expect(await judge(reversible, lossy)).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "from-a0 (ash, birch): with loss: public.orders.note is lost",
            "tenant": "ash",
          },
        ],
        "remedy": "Keep the old column or table until a rollback is no longer needed, or take snapshots: snapshots.data: irreversible.",
        "threshold": "what a rollback loses is known",
        "value": "with loss",
        "verdict": "warned",
      }
    `)
    expect(await judge(reversible, impossible)).toMatchObject({
      verdict: 'warned',
      value: 'no rollback possible',
    })
  })

  test('stops both where a rollback without loss is asked for', async () => {
    expect(await judge(reversible, { ...lossy, ...strict })).toMatchObject({ verdict: 'failed' })
    expect(await judge(reversible, { ...impossible, ...strict })).toMatchObject({ verdict: 'failed' })
  })

  test('cannot judge what was not tried', async () => {
    const untried = rehearsed({ reversibility: { verdict: 'not_tried', evidence: ['no time'] } })
    expect(await judge(reversible, { ...untried, ...strict })).toMatchObject({ verdict: 'inconclusive' })
    expect(await judge(reversible, untried)).toMatchObject({ verdict: 'not_applicable' })
  })
})

describe('replay_conflict', () => {
  const reader: StandbyReader = {
    pid: 7,
    application: 'report',
    database: 'ash',
    ageSeconds: 90,
    relations: ['public.orders'],
  }
  const standby = (maxDelayMs: number, queries: readonly StandbyReader[]) => ({
    replayFacts: { readReaders: async () => ({ maxDelayMs, hotStandbyFeedback: true, queries }) },
  })

  test('warns of queries that will be cancelled soon enough', async () => {
    expect(
      await judge(replayConflict, { ...rehearsed(), ...standby(30_000, [reader]) }),
    ).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "will stall replay for up to 30.0 s and cancel 1 query: report (process 7, for 1 min 30 s, public.orders)",
            "server": "standby-1",
          },
        ],
        "remedy": "Wait until these queries have ended on standby-1, or end them there: select pg_terminate_backend(pid).",
        "threshold": "replay waits at most 30 s",
        "value": "1 query in the way on 1 standby",
        "verdict": "warned",
      }
    `)
  })

  test('stops what would hold up replay for longer than it may, or for ever', async () => {
    const forever = await judge(replayConflict, { ...rehearsed(), ...standby(-1, [reader]) })
    expect(forever.verdict).toBe('failed')
    expect(forever.evidence[0]?.fact).toContain('will stall replay until it ends')
    expect((await judge(replayConflict, { ...rehearsed(), ...standby(60_000, [reader]) })).verdict).toBe(
      'failed',
    )
  })

  test('asks about the relations that are locked exclusively, by database, and about no other', async () => {
    const asked: unknown[] = []
    const replayFacts: GateContext['replayFacts'] = {
      readReaders: async question => {
        asked.push([question.server, [...question.relations]])
        return { maxDelayMs: 0, hotStandbyFeedback: false, queries: [] }
      },
    }
    const statements = [statement({ locks: [lock('public.orders'), lock('public.items', 'ShareLock')] })]
    await judge(replayConflict, { ...rehearsed({ statements }), replayFacts })
    expect(asked).toEqual([
      [
        'standby-1',
        [
          ['ash', ['public.orders']],
          ['birch', ['public.orders']],
        ],
      ],
    ])
  })

  test('does not apply where nothing is locked exclusively', async () => {
    expect(await judge(replayConflict, rehearsed({ statements: [statement({ locks: [] })] }))).toMatchObject({
      verdict: 'not_applicable',
    })
  })

  test('cannot judge a standby that does not answer', async () => {
    const replayFacts = {
      readReaders: async () => {
        throw new Error('no answer')
      },
    }
    expect(await judge(replayConflict, { ...rehearsed(), replayFacts })).toMatchObject({
      verdict: 'inconclusive',
    })
  })
})
