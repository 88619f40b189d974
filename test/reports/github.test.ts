import { describe, expect, it } from 'vitest'
import type { CiSubject } from '../../electron/reports/ci-subject.ts'
import { buildAnnotations } from '../../electron/reports/github-annotations.ts'
import { buildSummary, githubSummaryLimit } from '../../electron/reports/github-summary.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import { initialRunState, type RunState } from '../../shared/run/run-state.ts'
import { eventSamples } from '../shared/samples/events.ts'
import { makeFinding, nastyText } from '../shared/samples/findings.ts'
import { calmMood, envelop, makeVotedDownRun, sampleRuns } from '../shared/samples/runs.ts'

const subject: CiSubject = {
  toolVersion: '0.1.0',
  project: 'acme',
  environment: 'test',
  plan: null,
  findings: [],
  run: null,
  paths: { sources: 'db', config: 'db/lockstep.yml' },
}

/** How GitHub's runner reads a command: properties up to the second `::`, then the message, both decoded. */
function readCommand(line: string) {
  const [, level = '', properties = '', message = ''] = /^::(\w+) ([^\n\r]*?)::([^\n\r]*)$/.exec(line) ?? []
  const decode = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
  const pairs = properties.split(',').map(pair => pair.split('='))
  const read = (text: string) =>
    decode(text.replaceAll('%3A', ':').replaceAll('%2C', ',')).replaceAll('%25', '%')
  return {
    level,
    properties: Object.fromEntries(pairs.map(([key = '', ...rest]) => [key, read(rest.join('='))])),
    message: decode(message).replaceAll('%25', '%'),
  }
}

describe('annotations for GitHub', () => {
  it('name file, line and rule, from the root of the repository', () => {
    const [line = ''] = buildAnnotations({ ...subject, findings: [makeFinding()] })
    expect(line).toMatchInlineSnapshot(
      `"::error file=db/migrations/0004_add_index.up.sql,line=3,title=index_without_concurrently::create index on public.orders blocks writes until it is done.%0AThe table is locked against writes while the index is built.%0AInstead: Build it concurrently, in a revision of its own.%0ASafer:%0Acreate index concurrently orders_at on public.orders (at);"`,
    )
  })

  it('hold any text in one line that is read back as it was', () => {
    const place = { file: 'a:b,c%.sql', line: 1 }
    const lines = buildAnnotations({
      ...subject,
      findings: [makeFinding({ message: nastyText, rule: 'a,b:c%', place })],
    })
    expect(lines).toHaveLength(1)
    for (const character of ['\r', '\n', '\u001b']) expect(lines[0]).not.toContain(character)
    const read = readCommand(lines[0] ?? '')
    expect(read.properties).toMatchObject({ file: 'db/a:b,c%.sql', title: 'a,b:c%' })
    expect(read.message).toContain('100% a:b,c\nred link bold')
    expect(read.message).toContain('\n::error::from inside\n')
  })

  it('are at most 10 of a level, the last of which says how many more there are', () => {
    const findings = Array.from({ length: 1_000 }, (_, index) =>
      makeFinding({ severity: index % 2 === 0 ? 'error' : 'note', message: `number ${index}` }),
    )
    const read = buildAnnotations({ ...subject, findings }).map(readCommand)
    expect(read.filter(({ level }) => level === 'error')).toHaveLength(10)
    expect(read.filter(({ level }) => level === 'notice')).toHaveLength(10)
    expect(read[9]?.message).toBe('and 491 more of this level: see the summary of the step')
    expect(buildAnnotations({ ...subject, findings: findings.slice(0, 20) })).toHaveLength(20)
  })

  it('say how a run ended before what was found, and leave out what passed or was accepted', () => {
    const run = foldAll(envelop(makeVotedDownRun(calmMood)))
    const findings = [makeFinding(), makeFinding({ waived: { by: 'inline', reason: 'empty' } })]
    const read = buildAnnotations({ ...subject, run, findings }).map(readCommand)
    expect(read.map(({ level, properties }) => [level, properties.title])).toEqual([
      ['error', 'Lockstep'],
      ['error', 'index_without_concurrently'],
      ['warning', 'gate capacity: warned'],
    ])
    expect(read[0]?.message).toContain('Rolled back')
  })
})

describe('the summary of a step', () => {
  it.each(Object.entries(sampleRuns))('of the run %s is as people know it', (_name, make) => {
    const run = foldAll(envelop(make(calmMood)))
    expect(buildSummary({ ...subject, run, plan: run.plan, findings: [makeFinding()] })).toMatchSnapshot()
  })

  it('can be made of anything that happened', () => {
    for (const facts of Object.values(eventSamples)) {
      expect(buildSummary({ ...subject, run: foldAll(envelop(facts)) })).toMatch(/^## Lockstep: /)
    }
  })

  it('lets no text leave its cell, its fence or its tag', () => {
    const page = buildSummary({
      ...subject,
      findings: [makeFinding({ message: nastyText, saferSql: '```` select 1', rule: '<b>|rule' })],
    })
    expect(page).not.toContain('<script>')
    expect(page).not.toContain('\u001b')
    const row = page.split('\n').find(line => line.startsWith('| error'))
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(6)
    expect(page).toContain('`````sql\n```` select 1\n`````')
    expect(page).toContain('<summary>&lt;b&gt;|rule: public.orders</summary>')
  })

  it('shows the worst 50 of 1,000 findings and tenants, and stays below the limit whatever they say', () => {
    const message = 'ä'.repeat(100_000)
    const findings = Array.from({ length: 1_000 }, (_, index) =>
      makeFinding({ severity: index < 990 ? 'note' : 'error', message, why: message, saferSql: message }),
    )
    const tenant = foldAll(envelop(makeVotedDownRun(calmMood))).tenants[0] as RunState['tenants'][number]
    const tenants = Array.from({ length: 1_000 }, (_, index) => ({
      ...tenant,
      tenant: `tenant ${index}`,
      status: index === 999 ? ('failed' as const) : ('rolled_back' as const),
    }))
    const page = buildSummary({ ...subject, findings, run: { ...initialRunState, tenants } })
    expect(Buffer.byteLength(page)).toBeLessThan(githubSummaryLimit)
    expect(page.match(/^\| error/gm)).toHaveLength(10)
    expect(page).toContain('| tenant 999 |')
    expect(page).toContain('and 950 more')
    expect(page).toContain('950 more')
  })

  it('says where it was cut when there is less room, and is empty where there is none', () => {
    const findings = [makeFinding()]
    const short = buildSummary({ ...subject, findings }, 300)
    expect(short).toContain('cut off here')
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(300)
    expect(buildSummary({ ...subject, findings }, 10)).toBe('')
  })
})
