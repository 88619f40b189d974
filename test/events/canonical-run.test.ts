import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printCanonicalRun } from '../../electron/events/canonical-run.ts'
import type { RunEvent, RunFact } from '../../shared/run/run-event.ts'
import { eventSamples } from '../shared/samples/events.ts'
import { failureSamples } from '../shared/samples/failures.ts'
import { calmMood, envelop, type RunMood, sampleRuns, takeTurns } from '../shared/samples/runs.ts'

const otherMood: RunMood = {
  runId: '01KZZZZZZZZZZZZZZZZZZZZZZZ',
  startAt: Date.UTC(2027, 5, 6, 7, 8, 9),
  stepMs: 911,
  port: 61_123,
}

/** What runs at the same time, named here on its own so that the test does not repeat the code. */
function subjectOf(fact: RunFact): string | null {
  if (fact.type === 'fingerprints.compared') return `${fact.tenant} on ${fact.server}`
  if ('tenant' in fact) return `tenant ${fact.tenant}`
  if ('server' in fact) return `server ${fact.server}`
  if ('gate' in fact) return `gate ${fact.gate}`
  if ('test' in fact) return `test ${fact.test}`
  return null
}

/** Another order of arrival: between two barriers, each subject's own order stays. */
function shuffle(facts: readonly RunFact[], choices: readonly number[]): readonly RunFact[] {
  const arrived: RunFact[] = []
  let queues = new Map<string, RunFact[]>()
  let step = 0
  const flush = () => {
    while (queues.size > 0) {
      const names = [...queues.keys()]
      const name = names[(choices[step++ % choices.length] ?? 0) % names.length]!
      const queue = queues.get(name)!
      arrived.push(queue.shift()!)
      if (queue.length === 0) queues.delete(name)
    }
    queues = new Map()
  }
  for (const fact of facts) {
    const subject = subjectOf(fact)
    if (subject === null) {
      flush()
      arrived.push(fact)
    } else {
      queues.set(subject, [...(queues.get(subject) ?? []), fact])
    }
  }
  flush()
  return arrived
}

describe.each(Object.entries(sampleRuns))('the canonical form of %s', (_name, makeFacts) => {
  const expected = printCanonicalRun(envelop(makeFacts(calmMood)))

  it('is the same at another time, under another id, on other ports', () => {
    expect(printCanonicalRun(envelop(makeFacts(otherMood), otherMood))).toBe(expected)
  })

  it('is the same for every order of arrival that keeps the order of each subject', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 200 }), choices => {
        expect(printCanonicalRun(envelop(shuffle(makeFacts(otherMood), choices), otherMood))).toBe(expected)
      }),
      { numRuns: 100 },
    )
  })

  it('holds no time, id, hash or port', () => {
    expect(expected).not.toContain(calmMood.runId)
    expect(expected).not.toMatch(/"at"|"seq"|"prev"|"volatile"|127\.0\.0\.1|\d{4}-\d\d-\d\dT/)
  })

  it('changes when anything else does', () => {
    const facts = makeFacts(calmMood)
    const changed = facts.map(fact =>
      fact.type === 'run.finished' ? { ...fact, exitCode: fact.exitCode + 1 } : fact,
    )
    expect(printCanonicalRun(envelop(changed))).not.toBe(expected)
  })
})

describe('what timing alone decides', () => {
  const subject = { group: 'rest', tenant: 'birch' }
  const statement = eventSamples['statement.executed'][0]!
  const started: RunFact = { type: 'tenant.started', ...subject, from: [], to: ['0003'], volatile: {} }
  const retried: RunFact = { type: 'tenant.retried', ...subject, volatile: { attempt: 2 } }
  const lag = eventSamples['lag.sampled'][0]!
  const print = (facts: readonly RunFact[]) => printCanonicalRun(envelop(facts))

  it('leaves out attempts that lost a lock race, and samples of lag', () => {
    const yes = eventSamples['tenant.voted'][0]!
    const calm = [started, statement, yes]
    expect(print([started, statement, lag, retried, statement, yes])).toBe(print(calm))
    expect(print([started, retried, retried, statement, yes, lag])).toBe(print(calm))
  })

  it('leaves out what a hook wrote, and keeps its verdict', () => {
    const [hook] = eventSamples['hook.judged']
    const answer = { ...hook!.answer, value: 'exit 4', evidence: [{ fact: 'exit 4: at 12:31' }] }
    expect(print([{ ...hook!, answer, volatile: { durationMs: 99 } }])).toBe(print([hook!]))
    expect(print([{ ...hook!, answer: { ...answer, verdict: 'passed' } }])).not.toBe(print([hook!]))
  })

  it('leaves out what a momentary gate measured, and keeps its verdict', () => {
    const [steady, momentary] = eventSamples['gate.judged']
    const measured: RunFact = {
      ...momentary!,
      answer: { ...momentary!.answer, value: '12 kB', remedy: 'select pg_terminate_backend(4711)' },
    }
    expect(print([measured])).toBe(print([momentary!]))
    const failed: RunFact = { ...momentary!, answer: { ...momentary!.answer, verdict: 'failed' } }
    expect(print([failed])).not.toBe(print([momentary!]))
    expect(print([steady!])).toContain('2 orphan rows')
  })

  it('leaves out how far others had come in a group that one of them voted down', () => {
    const no = eventSamples['tenant.voted'][1]!
    const group: RunFact = {
      type: 'group.started',
      group: 'rest',
      mode: 'atomic',
      tenants: ['birch', 'cedar'],
      volatile: {},
    }
    const decided: RunFact = { type: 'group.decided', group: 'rest', decision: 'rollback', failure: null }
    const cedar = { group: 'rest', tenant: 'cedar' }
    const cancelled: readonly RunFact[] = [
      { ...started, ...cedar },
      { ...no, ...cedar, failure: { kind: 'cancelled', reason: 'another tenant voted no' } },
      { type: 'tenant.rolled_back', ...cedar, how: 'transaction', volatile: {} },
    ]
    const late: readonly RunFact[] = [
      { ...started, ...cedar },
      { ...statement, ...cedar },
      { type: 'tenant.rolled_back', ...cedar, how: 'prepared', volatile: {} },
    ]
    const runs = [cancelled, late, []].map(other =>
      print([group, ...takeTurns([[started, no], other]), decided]),
    )
    expect(new Set(runs).size).toBe(1)
    expect(runs[0]).toContain('uq_users_email')
  })
})

describe('failures', () => {
  const print = (failure: (typeof failureSamples)[keyof typeof failureSamples][number]) =>
    printCanonicalRun(
      envelop([{ type: 'run.finished', outcome: 'tool_failed', exitCode: 1, failure, volatile: {} }]),
    )

  it('hold no endpoint, stack, path or id of this machine', () => {
    const text = Object.values(failureSamples).flat().map(print).join('')
    expect(text).not.toMatch(/127\.0\.0\.1|\/srv\/|01K0000000000000000000000A|"stack"/)
  })

  it.each([
    ['could not connect to 127.0.0.1:5433', 'could not connect to <endpoint>'],
    ['could not connect to [::1]:5433', 'could not connect to <endpoint>'],
    ['connection to server on port 61123 failed', 'connection to server on port <number> failed'],
    [
      'Process 4711 waits for ShareLock on transaction 812;',
      'Process <number> waits for ShareLock on transaction <number>;',
    ],
    ['terminating connection, pid=4711', 'terminating connection, pid=<number>'],
    ['identifier "lockstep:01K0:rest:birch" is in use', 'identifier "<gid>" is in use'],
    ['it has not replayed 0/30001A8', 'it has not replayed <lsn>'],
    ['cannot open /tmp/sandbox-x1/data/base', 'cannot open <path>/base'],
    ['at 2026-01-02 03:04:05.678+00', 'at <time>'],
    ['run 01K0000000000000000000000A', 'run <run>'],
    ['Key (email)=(a@example.com) is duplicated.', 'Key (email)=(a@example.com) is duplicated.'],
    ['the ratio 1/2 of versions/0003.py', 'the ratio 1/2 of versions/0003.py'],
  ])('say %j as %j', (message, expected) => {
    expect(JSON.parse(print({ kind: 'internal', message })).failure.message).toBe(expected)
  })
})

it('sorts servers by role and name, gates by their list and tenants by the plan', () => {
  const facts = sampleRuns['made-migrated']!(calmMood).toReversed()
  const types = (events: readonly RunEvent[]) =>
    printCanonicalRun(events)
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  const lines = types(envelop(facts))
  expect(lines.filter(line => line.type === 'server.observed').map(line => line.server)).toEqual([
    'primary',
    'standby-1',
    'standby-2',
  ])
  expect(lines.filter(line => line.type === 'snapshot.taken').map(line => line.tenant)).toEqual([
    'ash',
    'birch',
    'cedar',
    'dogwood',
    'elm',
  ])
  expect(lines.filter(line => line.type === 'gate.judged')[0].gate).toBe('revision_graph')
})
