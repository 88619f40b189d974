import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createLineMaker } from '../../electron/events/to-log-line.ts'
import { describeLine } from '../../shared/log/describe-lines.ts'
import type { RunEvent, RunFact } from '../../shared/run/run-event.ts'
import { eventSamples } from '../shared/samples/events.ts'
import { envelop } from '../shared/samples/runs.ts'

const recordings = fileURLToPath(new URL('../fixtures/runs/', import.meta.url))

function linesOf(facts: readonly RunFact[]) {
  return envelop(facts).map(createLineMaker())
}

function readLines(name: string) {
  const text = readFileSync(`${recordings}${name}`, 'utf8')
  const events: readonly RunEvent[] = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  return events.map(createLineMaker())
}

const started: RunFact = {
  type: 'tenant.started',
  group: 'rest',
  tenant: 'birch',
  from: [],
  to: ['0001'],
  volatile: {},
}
const statement: RunFact = {
  type: 'statement.executed',
  group: 'rest',
  tenant: 'birch',
  revision: '0001',
  index: 1,
  sql: 'select 1',
  volatile: {},
}

describe('a line', () => {
  it('has the number of its event, and one line of words, for every event there is', () => {
    const facts = Object.values(eventSamples).flat()
    const lines = linesOf(facts)
    expect(lines.map(line => line.line)).toEqual(facts.map((_fact, index) => index + 1))
    for (const line of lines) expect(line.text).not.toMatch(/[\n\r]|undefined|\[object|^$/)
  })

  it('belongs to the phase that emitted it, also where it names none', () => {
    const phase = { type: 'phase.started', phase: 'smoke_test', group: 'rest' } as const
    const after = { ...phase, type: 'phase.finished', status: 'success', message: '', volatile: {} } as const
    const lag: RunFact = { type: 'lag.sampled', cluster: 'main', server: 's1', volatile: {} }
    expect(linesOf([lag, phase, lag, after, lag]).map(line => [line.phase, line.group])).toEqual([
      [null, null],
      ['smoke_test', 'rest'],
      ['smoke_test', 'rest'],
      ['smoke_test', 'rest'],
      [null, null],
    ])
  })

  it('of a recovery does not belong to the phase in which the run was cut off', () => {
    const lines = readLines('0.1.0-crash-after-decision.jsonl')
    expect(lines.filter(line => ['recovery.started', 'lock.acquired'].includes(line.type))).toMatchObject([
      { phase: null },
      { phase: null },
      { phase: null },
    ])
    const settled = lines.filter(line => line.type === 'recovery.settled')
    expect(settled.map(line => line.phase)).toEqual([...Array(5).fill('rollback'), ...Array(5).fill(null)])
    expect(new Set(settled.map(line => line.level))).toEqual(new Set(['warning']))
  })

  it('counts the attempts of its tenant', () => {
    const retried: RunFact = { type: 'tenant.retried', group: 'rest', tenant: 'birch', volatile: {} }
    const other: RunFact = { ...started, tenant: 'ash' }
    const lines = linesOf([started, statement, retried, other, started, statement])
    expect(lines.map(line => `${line.tenant} ${line.attempt}`)).toEqual([
      'birch 1',
      'birch 1',
      'birch 1',
      'ash 1',
      'birch 2',
      'birch 2',
    ])
  })

  it('shows a long statement whole, with whatever it holds', () => {
    const sql = `insert into orders values ('$& $1 $$',\n  '${'x'.repeat(300)}')`
    const [line] = linesOf([{ ...statement, sql }])
    expect(line?.text).toBe(`tenant birch 0001 #1: ${sql.replaceAll(/\s+/g, ' ')}`)
  })

  it('is an error where something failed, and a warning where somebody should look', () => {
    const levels = (name: string) =>
      readLines(name)
        .filter(line => line.level !== 'info')
        .map(line => `${line.level} ${line.source} ${line.type}`)
    expect(levels('0.1.0-leaky-tenant.jsonl')).toEqual([
      'error gate gate.judged',
      'error engine phase.finished',
      'error engine run.finished',
    ])
    expect(levels('0.1.0-migrated.jsonl')).toEqual([])
  })

  it('is printed with its time, level, source and tenant', () => {
    const [line] = linesOf([started])
    expect(line && describeLine(line)).toBe(
      '2026-01-02T03:04:05.000Z  info     migration  birch  tenant birch started: base -> 0001',
    )
  })
})
