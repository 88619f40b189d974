import { expect, test } from 'vitest'
import { replicaLag } from '../../../../electron/engine/gates/replicas/replica-lag.ts'
import type { ServerObservation } from '../../../../shared/topology/topology.ts'
import { createContext, createFakeClock, never, observed } from '../fake-context.ts'

/** Servers that show one observation after the other, and then stay with the last. */
function contextWith(standby: readonly ServerObservation[], primary = observed('primary')) {
  const base = createContext()
  const left = [...standby]
  const observe = async (server: string): Promise<ServerObservation> => {
    if (server === 'primary') return primary
    return (left.length > 1 ? left.shift() : left[0]) ?? observed(server, {})
  }
  return createContext({ clock: createFakeClock(), servers: { ...base.servers, observe } })
}

test('lets standbys through that stream and are close behind', async () => {
  expect(
    await replicaLag.judge(contextWith([observed('standby-1', { lagBytes: 120, lagSeconds: 1.23 })]), never),
  ).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "streaming; 120 bytes behind, last commit replayed 1.2 s ago",
          "server": "standby-1",
        },
      ],
      "remedy": "",
      "threshold": "at most 16777216 bytes behind",
      "value": "1 of 1 standby in step, at most 120 bytes behind",
      "verdict": "passed",
    }
  `)
})

test('waits for a standby that only just got busy', async () => {
  const busy = observed('standby-1', { lagBytes: 99_000_000 })
  expect(await replicaLag.judge(contextWith([busy, busy, observed('standby-1', {})]), never)).toMatchObject({
    verdict: 'passed',
    value: '1 of 1 standby in step, at most 0 bytes behind',
  })
})

test('stops at a standby that lags, with bytes, seconds and state', async () => {
  const late = observed('standby-1', { lagBytes: 99_000_000, lagSeconds: 41 })
  expect(await replicaLag.judge(contextWith([late]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "streaming; 99000000 bytes behind, last commit replayed 41 s ago",
          "server": "standby-1",
        },
      ],
      "remedy": "Wait until standby-1 has caught up; look for long queries there: select pid, state, xact_start from pg_stat_activity order by xact_start;",
      "threshold": "at most 16777216 bytes behind",
      "value": "0 of 1 standby in step",
      "verdict": "failed",
    }
  `)
})

test('stops at a standby whose replay is paused', async () => {
  const paused = observed('standby-1', { replayPause: 'paused', lagBytes: 10 })
  expect(await replicaLag.judge(contextWith([paused]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "replay is paused; 10 bytes behind, no commit to measure",
          "server": "standby-1",
        },
      ],
      "remedy": "On standby-1: select pg_wal_replay_resume();",
      "threshold": "at most 16777216 bytes behind",
      "value": "0 of 1 standby in step",
      "verdict": "failed",
    }
  `)
})

test('stops at a standby of another cluster, and names both identifiers', async () => {
  const stranger = observed('standby-1', {}, { systemIdentifier: '7999' })
  expect(await replicaLag.judge(contextWith([stranger]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "belongs to another cluster: its system identifier is 7999, and that of primary, the primary, is 7001",
          "server": "standby-1",
        },
      ],
      "remedy": "Correct host and port of standby-1 in lockstep.yml, or take it out.",
      "threshold": "at most 16777216 bytes behind",
      "value": "0 of 1 standby in step",
      "verdict": "failed",
    }
  `)
})

test('stops at a standby that cannot be reached', async () => {
  const gone = observed('standby-1', null, {
    declaredRole: 'standby',
    role: 'unreachable',
    systemIdentifier: null,
    failure: {
      kind: 'server_unreachable',
      server: 'standby-1',
      endpoint: '127.0.0.1:5433',
      code: 'ECONNREFUSED',
    },
  })
  expect(await replicaLag.judge(contextWith([gone]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "Server standby-1 cannot be reached (127.0.0.1:5433): Nothing listens there (ECONNREFUSED).",
          "server": "standby-1",
        },
      ],
      "remedy": "Start standby-1, or correct its address; lockstep doctor",
      "threshold": "at most 16777216 bytes behind",
      "value": "0 of 1 standby in step",
      "verdict": "failed",
    }
  `)
})

test('stops at a standby that is a primary, does not stream, or is on another timeline', async () => {
  const wrong = [
    observed('standby-1', null, { declaredRole: 'standby' }),
    observed('standby-1', { receiver: null, lagBytes: null }),
    observed('standby-1', {}, { timeline: 2 }),
  ]
  const facts = await Promise.all(
    wrong.map(async seen => (await replicaLag.judge(contextWith([seen]), never)).evidence[0]?.fact),
  )
  expect(facts).toMatchInlineSnapshot(`
    [
      "is declared as a standby, but it is a primary (not in recovery)",
      "its receiver is missing, not streaming; an unknown number of bytes behind, no commit to measure",
      "is on timeline 2, and primary, the primary, is on timeline 1",
    ]
  `)
})

test('stops at a primary that is a standby', async () => {
  const demoted = observed('primary', {}, { declaredRole: 'primary' })
  expect(
    await replicaLag.judge(contextWith([observed('standby-1', {})], demoted), never),
  ).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "is declared as the primary, but it is a standby (in recovery)",
          "server": "primary",
        },
      ],
      "remedy": "Correct the role of primary in lockstep.yml, or find out who promoted another server.",
      "threshold": "at most 16777216 bytes behind",
      "value": "0 of 1 standby in step",
      "verdict": "failed",
    }
  `)
})

test('cannot judge a standby whose lag or identity is not told', async () => {
  expect(
    await replicaLag.judge(contextWith([observed('standby-1', { lagBytes: null })]), never),
  ).toMatchObject({
    verdict: 'inconclusive',
  })
  const unproven = observed('standby-1', {}, { systemIdentifier: null })
  expect(await replicaLag.judge(contextWith([unproven]), never)).toMatchObject({ verdict: 'inconclusive' })
})

test('only warns of a missing standby where standbys are not required, but not of a stranger', async () => {
  const base = contextWith([observed('standby-1', { receiver: null })])
  const settings = {
    ...base.settings,
    replica_lag: { ...base.settings.replica_lag, maxBytes: 1, requireStandbys: false },
  }
  expect(await replicaLag.judge({ ...base, settings }, never)).toMatchObject({ verdict: 'warned' })
  const stranger = contextWith([observed('standby-1', {}, { systemIdentifier: '7999' })])
  expect(await replicaLag.judge({ ...stranger, settings }, never)).toMatchObject({ verdict: 'failed' })
})

test('does not apply where no standby is declared', async () => {
  const { topology } = createContext()
  const alone = { ...topology, clusters: topology.clusters.map(cluster => ({ ...cluster, standbys: [] })) }
  expect(await replicaLag.judge(createContext({ topology: alone }), never)).toMatchObject({
    verdict: 'not_applicable',
  })
})
