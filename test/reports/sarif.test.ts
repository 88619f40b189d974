import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { CiSubject } from '../../electron/reports/ci-subject.ts'
import { writeSarif } from '../../electron/reports/sarif.ts'
import { makeFinding, nastyText } from '../shared/samples/findings.ts'

const subject: CiSubject = {
  toolVersion: '0.1.0',
  project: 'acme',
  environment: 'test',
  plan: null,
  findings: [],
  run: null,
  paths: { sources: 'services/db', config: 'services/db/lockstep.yml' },
}

/** The published schema; its dialect is older than the validator, and differs in no word that it uses. */
function createValidator(): (document: unknown) => readonly string[] {
  const file = fileURLToPath(new URL('../fixtures/sarif/sarif-2.1.0-rtm.5.json', import.meta.url))
  const { $schema, id, ...schema } = JSON.parse(readFileSync(file, 'utf8'))
  expect($schema).toContain('draft-04')
  expect(id).toContain('sarif-2.1.0')
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false })
  formats.default(ajv)
  const validate = ajv.compile(schema)
  return document => {
    validate(document)
    return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
  }
}

const validate = createValidator()

function sarifOf(findings: CiSubject['findings']) {
  const document = JSON.parse(writeSarif({ ...subject, findings }))
  expect(validate(document)).toEqual([])
  return document.runs[0]
}

describe('SARIF', () => {
  it('is refused by the schema when it is wrong, so that the schema is known to look', () => {
    const document = JSON.parse(writeSarif({ ...subject, findings: [makeFinding()] }))
    document.runs[0].results[0].level = 'fatal'
    expect(validate(document)).not.toEqual([])
  })

  it('holds a result with its rule, place, level and fingerprints', () => {
    const run = sarifOf([makeFinding()])
    expect(run).toMatchSnapshot()
  })

  it('puts what has no place at the project file, and encodes paths', () => {
    const run = sarifOf([
      makeFinding({ rule: 'several_heads', place: null }),
      makeFinding({ place: { file: './../mig rations/a#1?.sql', line: null } }),
    ])
    const places = run.results.map(
      (result: { locations: readonly [{ physicalLocation: unknown }] }) =>
        result.locations[0].physicalLocation,
    )
    expect(places).toEqual([
      {
        artifactLocation: { uri: 'services/db/lockstep.yml', uriBaseId: '%SRCROOT%' },
        region: { startLine: 1 },
      },
      {
        artifactLocation: { uri: 'services/mig%20rations/a%231%3F.sql', uriBaseId: '%SRCROOT%' },
        region: { startLine: 1 },
      },
    ])
  })

  it('keeps what was accepted, as suppressed and with the reason, after everything else', () => {
    const run = sarifOf([
      makeFinding({ waived: { by: 'policy', reason: 'agreed on Monday' } }),
      makeFinding({ waived: { by: 'inline', reason: 'empty table' }, severity: 'warning' }),
      makeFinding({ severity: 'note' }),
    ])
    expect(run.results.map((result: { suppressions: unknown }) => result.suppressions)).toEqual([
      [],
      [{ kind: 'external', status: 'accepted', justification: 'agreed on Monday' }],
      [{ kind: 'inSource', status: 'accepted', justification: 'empty table' }],
    ])
    expect(run.tool.driver.rules).toHaveLength(1)
  })

  it('numbers findings that are the same twice, and keeps their fingerprints when lines move', () => {
    const print = (line: number) =>
      sarifOf(
        [makeFinding(), makeFinding()].map(one => ({ ...one, place: { file: 'a.sql', line } })),
      ).results.map((result: { partialFingerprints: unknown }) => result.partialFingerprints)
    expect(print(3)).toEqual(print(300))
    expect(print(3).map((one: Record<string, string>) => one.primaryLocationLineHash)).toEqual([
      `${'f'.repeat(64)}:1`,
      `${'f'.repeat(64)}:2`,
    ])
  })

  it('holds any text', () => {
    const run = sarifOf([makeFinding({ message: nastyText, rule: 'odd', remedy: '', why: '' })])
    expect(run.results[0].message.text).toContain('red link bold')
  })

  it('holds 1,000 findings with huge messages in a few megabytes, and says what it leaves out of 6,000', () => {
    const message = 'x'.repeat(1_000_000)
    const many = (length: number) => Array.from({ length }, () => makeFinding({ message }))
    const text = writeSarif({ ...subject, findings: many(1_000) })
    expect(text.length).toBeLessThan(10_000_000)
    const run = JSON.parse(
      writeSarif({ ...subject, findings: Array.from({ length: 6_000 }, () => makeFinding()) }),
    ).runs[0]
    expect(run.results).toHaveLength(5_000)
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe(
      '1000 more findings are left out.',
    )
  })
})
