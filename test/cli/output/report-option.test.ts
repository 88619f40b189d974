import { describe, expect, it } from 'vitest'
import { reachesSeverity, readFailOn } from '../../../electron/cli/arguments/read-fail-on.ts'
import { readReportRequests } from '../../../electron/cli/output/report-option.ts'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { Verdict } from '../../../shared/plan/verdict.ts'
import { makeFinding } from '../../shared/samples/findings.ts'

function failureOf(call: () => unknown): Failure | null {
  try {
    call()
    return null
  } catch (error) {
    return error instanceof LockstepError ? error.failure : null
  }
}

describe('--report', () => {
  it('names a kind and perhaps a path, which may hold colons', () => {
    expect(
      readReportRequests({ report: ['junit', 'sarif:out/a.sarif', 'gitlab:C:\\ci\\x.json', 'github:-'] }),
    ).toEqual([
      { kind: 'junit', path: null },
      { kind: 'sarif', path: 'out/a.sarif' },
      { kind: 'gitlab', path: 'C:\\ci\\x.json' },
      { kind: 'github', path: '-' },
    ])
    expect(readReportRequests({})).toEqual([])
  })

  it.each([
    [
      ['juint'],
      'there is no report "juint"',
      'did you mean junit? Else choose among junit, sarif, github, gitlab',
    ],
    [[''], 'there is no report ""', 'choose among junit, sarif, github, gitlab'],
    [['sarif:'], '--report=sarif: names no file', 'write --report=sarif or --report=sarif:FILE'],
    [['junit:a', 'sarif:a'], 'two reports go to a', 'give each a file of its own'],
    [['junit', 'junit'], 'two reports go to the place of junit', 'give each a file of its own'],
    [
      ['junit:-', 'sarif:-'],
      'standard output can hold one document only',
      'write the reports to files: --report=junit:junit.xml',
    ],
  ])('%j is refused with what to write instead', (report, problem, fix) => {
    expect(failureOf(() => readReportRequests({ report }))).toEqual({ kind: 'usage', problem, fix })
  })

  it('does not share standard output with --json', () => {
    expect(failureOf(() => readReportRequests({ report: ['junit:-'], json: true }))?.kind).toBe('usage')
    expect(readReportRequests({ report: ['junit', 'github'], json: 'events' })).toHaveLength(2)
  })
})

describe('--fail-on', () => {
  it('is reached by what nobody accepted and is at least as severe', () => {
    const waived = { by: 'inline', reason: 'empty table' } as const
    expect(reachesSeverity([makeFinding({ severity: 'warning' })], [], readFailOn('error'))).toBe(false)
    expect(reachesSeverity([makeFinding({ severity: 'warning' })], [], readFailOn('warning'))).toBe(true)
    expect(reachesSeverity([makeFinding()], [], readFailOn('warning'))).toBe(true)
    expect(reachesSeverity([makeFinding({ waived })], [], readFailOn('warning'))).toBe(false)
    expect(reachesSeverity([makeFinding()], [], readFailOn(undefined))).toBe(false)
  })

  it('is reached by gates: what would stop a run is an error', () => {
    const judged = (verdict: Verdict) => [
      { answer: { verdict, value: '', threshold: '', evidence: [], remedy: '' } },
    ]
    for (const verdict of ['failed', 'inconclusive'] as const) {
      expect(reachesSeverity([], judged(verdict), readFailOn('error')), verdict).toBe(true)
      expect(reachesSeverity([], judged(verdict), readFailOn(undefined)), verdict).toBe(false)
    }
    expect(reachesSeverity([], judged('warned'), readFailOn('error'))).toBe(false)
    expect(reachesSeverity([], judged('warned'), readFailOn('warning'))).toBe(true)
    for (const verdict of ['passed', 'not_applicable', 'waived'] as const)
      expect(reachesSeverity([], judged(verdict), readFailOn('warning')), verdict).toBe(false)
  })

  it('is refused with the nearest word', () => {
    expect(failureOf(() => readFailOn('warnings'))).toMatchObject({
      fix: expect.stringContaining('did you mean warning?'),
    })
  })
})
