import { describe, expect, it } from 'vitest'
import { allRules } from '../../../electron/engine/lint/all-rules.ts'
import { makeStep } from '../sample-plans.ts'
import { findingsOf, lintSteps, parser, stepOf } from './lint-fixture.ts'

/** What cannot be written as a file of SQL. */
const others: Readonly<Record<string, () => ReturnType<typeof lintSteps>>> = {
  mixed_transaction_modes: async () => {
    const step = await stepOf('0002', ruleNamed('mixed_transaction_modes').example.bad)
    return lintSteps([{ ...step, transactional: false }])
  },
  unseen_revision: () =>
    lintSteps([makeStep('0002', { statements: [], unrendered: 'it reads the database while it runs' })]),
}

function ruleNamed(name: string) {
  const rule = allRules.find(one => one.name === name)
  if (!rule) throw new Error(`there is no rule ${name}`)
  return rule
}

const find = async (rule: string, sql: string) =>
  ((await others[rule]?.()) ?? (await findingsOf(rule, sql))).filter(finding => finding.rule === rule)

describe.each(allRules.map(rule => [rule.name, rule] as const))('%s', (name, rule) => {
  it('stops its own bad example, in words that are kept', async () => {
    const findings = await find(name, rule.example.bad)
    const shown = findings.map(({ severity, message, objects, saferSql, place, waived }) =>
      [
        `${severity}: ${message}`,
        `objects: ${objects.join(', ')}`,
        `line: ${place?.line}`,
        ...(waived ? [`waived: ${waived.reason}`] : []),
        ...(saferSql === null ? [] : [`safer:\n${saferSql}`]),
      ].join('\n'),
    )
    expect(findings.length).toBeGreaterThan(0)
    await expect([rule.title, rule.why, rule.remedy, '', ...shown, ''].join('\n')).toMatchFileSnapshot(
      `./rules/${name.replaceAll('_', '-')}.txt`,
    )
  })

  it('lets its own good example through', async () => {
    expect(await findingsOf(name, rule.example.good)).toEqual([])
  })

  it('offers safer SQL that PostgreSQL can read and that it does not stop again', async () => {
    for (const { saferSql } of await find(name, rule.example.bad)) {
      const statements = await parser.parse(saferSql ?? '')
      expect(statements.flatMap(statement => statement.problem ?? [])).toEqual([])
    }
  })
})

describe('the list of rules', () => {
  it('names each rule once, the way waivers write it', () => {
    const names = allRules.map(rule => rule.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter(name => !/^[a-z]+(_[a-z]+)*$/.test(name))).toEqual([])
    expect(names.length).toBeGreaterThan(45)
  })

  it('says of each rule what it asks for, why, and what to do instead, in one line each', () => {
    for (const { title, why, remedy, example } of allRules) {
      for (const text of [title, why, remedy]) {
        expect(text).toMatch(/^[A-Z\u0060].*$/)
        expect(text.length).toBeGreaterThan(9)
      }
      expect(title).not.toMatch(/\.$/)
      expect(why).toMatch(/\.$/)
      expect(remedy).toMatch(/\.$/)
      expect(example.bad).not.toBe(example.good)
    }
  })

  it('has something to check in each rule', () => {
    expect(allRules.filter(rule => !rule.checkStatement && !rule.checkStep && !rule.checkWaivers)).toEqual([])
  })
})
