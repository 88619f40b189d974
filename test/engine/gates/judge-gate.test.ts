import { expect, test, vi } from 'vitest'
import { answerFromFindings, type Finding } from '../../../electron/engine/checks/finding.ts'
import type { Gate } from '../../../electron/engine/checks/gate.ts'
import { judgeGate } from '../../../electron/engine/checks/judge-gate.ts'
import { allGates } from '../../../electron/engine/gates/all-gates.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { type GateAnswer, gateNames } from '../../../shared/plan/verdict.ts'
import { createContext, never } from './fake-context.ts'

const context = createContext()
const stopping: GateAnswer = {
  verdict: 'failed',
  value: '2 orphan rows',
  threshold: '0 orphan rows',
  evidence: [{ tenant: 'ash', fact: 'two rows' }],
  remedy: 'Delete them.',
}

function gate(judge: Gate['judge'], name: Gate['name'] = 'foreign_keys'): Gate {
  return { name, title: '', why: '', momentary: false, judge }
}

test('lists every gate once, in the order of their names', () => {
  expect(allGates.map(({ name }) => name)).toEqual(gateNames)
})

test('takes what a gate throws for an answer that stops', async () => {
  const broken = gate(async () => {
    throw new LockstepError({ kind: 'connection_lost', server: 'primary', during: 'select' })
  })
  expect(await judgeGate(broken, context, [], never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "The connection to primary was lost (server primary): It happened while select.",
        },
      ],
      "remedy": "lockstep topology",
      "threshold": "an answer",
      "value": "not judged",
      "verdict": "inconclusive",
    }
  `)
})

test('does not wait for ever: the deadline is an answer', async () => {
  const slow = gate(
    (_context, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  expect(await judgeGate(slow, context, [], never, 20)).toMatchObject({
    verdict: 'inconclusive',
    evidence: [{ fact: 'there was no answer within 0 s' }],
  })
})

test('leaves a gate behind that does not listen', async () => {
  vi.useFakeTimers()
  try {
    const work = judgeGate(
      gate(() => new Promise(() => undefined)),
      context,
      [],
      never,
      1000,
    )
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await work).toMatchObject({ verdict: 'inconclusive' })
  } finally {
    vi.useRealTimers()
  }
})

test('says that the run was interrupted', async () => {
  const interrupt = new AbortController()
  const slow = gate(
    (_context, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const work = judgeGate(slow, context, [], interrupt.signal)
  interrupt.abort()
  expect(await work).toMatchObject({
    verdict: 'inconclusive',
    evidence: [{ fact: 'the run was interrupted before there was an answer' }],
  })
})

test('waives a gate with the reason, and keeps what was found', async () => {
  const waivers = [{ gate: 'foreign_keys' as const, reason: 'known, cleaned up on Monday' }]
  expect(
    await judgeGate(
      gate(async () => stopping),
      context,
      waivers,
      never,
    ),
  ).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "waived, although failed: known, cleaned up on Monday",
        },
        {
          "fact": "two rows",
          "tenant": "ash",
        },
      ],
      "remedy": "Delete them.",
      "threshold": "0 orphan rows",
      "value": "2 orphan rows",
      "verdict": "waived",
    }
  `)
})

test('does not waive the revision graph, nor a gate that passes', async () => {
  const waivers = [
    { gate: 'revision_graph', reason: 'never mind' },
    { gate: 'foreign_keys', reason: 'never mind' },
  ] as const
  const graph = gate(async () => stopping, 'revision_graph')
  expect(await judgeGate(graph, context, waivers, never)).toEqual(stopping)
  const passing = gate(async () => ({ ...stopping, verdict: 'passed' }))
  expect(await judgeGate(passing, context, waivers, never)).toMatchObject({ verdict: 'passed' })
})

test('shows the worst facts first and says how many are left out', () => {
  const finding = (verdict: Finding['verdict'], fact: string): Finding => ({
    verdict,
    evidence: { fact },
    remedy: `Repair ${fact}.`,
  })
  const many = Array.from({ length: 25 }, (_, index) => finding('warned', `row ${index}`))
  const answer = answerFromFindings([...many, finding('failed', 'the worst')], { value: '', threshold: '' })
  expect(answer.verdict).toBe('failed')
  expect(answer.evidence[0]).toEqual({ fact: 'the worst' })
  expect(answer.evidence.at(-1)).toEqual({ fact: 'and 6 more' })
  expect(answer.evidence).toHaveLength(21)
  expect(answer.remedy.split('\n')).toHaveLength(9)
  expect(answer.remedy.startsWith('Repair the worst.')).toBe(true)
})
