import { describe, expect, it } from 'vitest'
import type { CiSubject } from '../../electron/reports/ci-subject.ts'
import { buildJunit } from '../../electron/reports/junit.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import type { RunFact } from '../../shared/run/run-event.ts'
import { eventSamples } from '../shared/samples/events.ts'
import { makeFinding, nastyText } from '../shared/samples/findings.ts'
import { calmMood, envelop, makeMigratedRun, makeVotedDownRun, sampleRuns } from '../shared/samples/runs.ts'
import { readXml, type XmlElement } from '../support/read-xml.ts'

const subject: CiSubject = {
  toolVersion: '0.1.0',
  project: 'acme',
  environment: 'test',
  plan: null,
  findings: [],
  run: null,
  paths: { sources: 'db', config: 'db/lockstep.yml' },
}

function junitOf(facts: readonly RunFact[], change: Partial<CiSubject> = {}): XmlElement {
  return readXml(buildJunit({ ...subject, run: foldAll(envelop(facts)), ...change }))
}

function casesOf(root: XmlElement, suite: string): readonly XmlElement[] {
  return root.children.find(({ attributes }) => attributes.name === suite)?.children ?? []
}

describe('JUnit XML', () => {
  it.each(Object.entries(sampleRuns))(
    'of the run %s is well-formed and counts what it holds',
    (_name, make) => {
      const root = junitOf(make(calmMood))
      expect(root.name).toBe('testsuites')
      const cases = root.children.flatMap(suite => suite.children)
      const count = (name: string) =>
        cases.filter(one => one.children.some(child => child.name === name)).length
      expect(root.attributes).toMatchObject({
        tests: String(cases.length),
        failures: String(count('failure')),
        errors: String(count('error')),
        skipped: String(count('skipped')),
      })
      const keys = cases.map(({ attributes }) => `${attributes.classname} ${attributes.name}`)
      expect(new Set(keys).size).toBe(keys.length)
    },
  )

  it('names the gates, tenants, replicas and smoke tests of a migrated run, all passed', () => {
    const root = junitOf(makeMigratedRun(calmMood))
    expect(root.children.map(suite => suite.attributes.name)).toEqual([
      'run',
      'gates',
      'tenants',
      'replicas',
      'smoke_tests',
    ])
    expect(root.attributes).toMatchObject({ failures: '0', errors: '0' })
    expect(root.attributes.time).toMatch(/^\d+\.\d{3}$/)
    expect(casesOf(root, 'tenants').map(({ attributes }) => attributes.name)).toContain('birch')
    expect(casesOf(root, 'replicas').map(({ attributes }) => attributes.name)).toEqual([
      'standby-1',
      'standby-2',
    ])
  })

  it('makes a failure of the tenant that voted no, and of the run; the others of its group are skipped', () => {
    const root = junitOf(makeVotedDownRun(calmMood))
    expect(casesOf(root, 'run')[0]?.children[0]).toMatchObject({
      name: 'failure',
      attributes: { type: 'rolled_back' },
    })
    const failures = casesOf(root, 'tenants').filter(one => one.children[0]?.name === 'failure')
    expect(failures).toHaveLength(1)
    const [failure] = failures[0]?.children ?? []
    expect(failure?.attributes.message).not.toBe('')
    expect(failure?.text).toContain('fix: ')
    expect(casesOf(root, 'tenants').some(one => one.children[0]?.name === 'skipped')).toBe(true)
  })

  it('makes an error of a gate that could not be judged, and skips one that does not apply', () => {
    const judged = (
      gate: string,
      verdict: 'inconclusive' | 'not_applicable' | 'warned' | 'waived',
    ): RunFact => ({
      type: 'gate.judged',
      gate,
      momentary: false,
      answer: {
        verdict,
        value: 'no answer',
        threshold: 'an answer',
        evidence: [{ tenant: 'birch', server: 'primary', fact: 'nobody there' }],
        remedy: 'lockstep doctor',
      },
      volatile: { durationMs: 1_500 },
    })
    const root = junitOf([
      judged('a', 'inconclusive'),
      judged('b', 'not_applicable'),
      judged('c', 'warned'),
      judged('d', 'waived'),
      { type: 'gate.started', gate: 'e' },
    ])
    const gates = casesOf(root, 'gates')
    expect(gates.map(one => one.children.map(child => child.name))).toEqual([
      ['error'],
      ['skipped'],
      ['system-out'],
      ['skipped', 'system-out'],
      ['skipped'],
    ])
    expect(gates[0]?.attributes.time).toBe('1.500')
    expect(gates[0]?.children[0]?.text).toBe(
      'inconclusive: no answer\nwanted: an answer\nbirch on primary: nobody there\ndo: lockstep doctor',
    )
  })

  it('is well-formed whatever happened', () => {
    for (const facts of Object.values(eventSamples)) expect(junitOf(facts).name).toBe('testsuites')
  })

  it('makes a failure of an error that was found, and lets warnings and what was accepted pass', () => {
    const findings = [
      makeFinding(),
      makeFinding({ severity: 'warning' }),
      makeFinding({ waived: { by: 'inline', reason: 'the table is empty' } }),
    ]
    const root = readXml(buildJunit({ ...subject, findings }))
    const cases = casesOf(root, 'findings')
    expect(cases.map(one => one.children[0]?.name)).toEqual(['failure', 'system-out', 'skipped'])
    expect(cases[0]?.attributes).toMatchObject({
      classname: 'lockstep.findings',
      name: 'index_without_concurrently db/migrations/0004_add_index.up.sql:3 statement 1',
    })
    expect(cases[1]?.attributes.name).toMatch(/ \(2\)$/)
  })

  it('holds texts that would break markup, without control characters or colours', () => {
    const root = readXml(buildJunit({ ...subject, findings: [makeFinding({ message: nastyText })] }))
    const failure = casesOf(root, 'findings')[0]?.children[0]
    expect(failure?.text).toContain(']]> </failure> <!-- & "quoted"')
    expect(failure?.text).toContain('red link bold')
    expect(failure?.text).toContain('漢字 \u{1f512}')
    expect(failure?.text).toContain('half \ufffd not a character \ufffd')
    expect(failure?.attributes.message).toContain('\n::error::from inside\n')
  })

  it('stays below what GitLab takes, with 1,000 findings of a megabyte each', () => {
    const message = 'x'.repeat(1_000_000)
    const findings = Array.from({ length: 1_000 }, (_, index) => makeFinding({ message, statement: index }))
    const xml = buildJunit({ ...subject, findings })
    expect(xml.length).toBeLessThan(30_000_000)
    expect(casesOf(readXml(xml), 'findings')).toHaveLength(1_000)
  })
})
