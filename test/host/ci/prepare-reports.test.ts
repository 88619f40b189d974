import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareReports } from '../../../electron/host/ci/prepare-reports.ts'
import type { CiSubject } from '../../../electron/reports/ci-subject.ts'
import { githubSummaryLimit } from '../../../electron/reports/github-summary.ts'
import type { ReportRequest } from '../../../electron/reports/report-request.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { makeFinding } from '../../shared/samples/findings.ts'
import { readXml } from '../../support/read-xml.ts'

const subject: CiSubject = {
  toolVersion: '0.1.0',
  project: 'acme',
  environment: 'test',
  plan: null,
  findings: [makeFinding()],
  run: null,
  paths: { sources: '', config: 'lockstep.yml' },
}

let folder: string
let out: string
let err: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-reports-'))
  out = ''
  err = ''
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function prepare(requests: readonly ReportRequest[], env: Readonly<Record<string, string>> = {}) {
  return prepareReports(requests, {
    folder,
    env,
    writeOut: text => {
      out += text
    },
    writeError: text => {
      err += text
    },
  })
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('the reports of a command', () => {
  it('go where such reports belong, and leave nothing else there', async () => {
    const reports = await prepare(
      ['junit', 'sarif', 'gitlab'].map(kind => ({ kind: kind as 'junit', path: null })),
    )
    expect(await reports.write(subject)).toEqual([])
    expect(readdirSync(folder).sort()).toEqual([
      'gl-code-quality-report.json',
      'lockstep-junit.xml',
      'lockstep.sarif',
    ])
    expect(readXml(read('lockstep-junit.xml')).attributes.failures).toBe('1')
    expect(JSON.parse(read('lockstep.sarif')).version).toBe('2.1.0')
    expect(JSON.parse(read('gl-code-quality-report.json'))).toHaveLength(1)
    expect(out + err).toBe('')
  })

  it('replace older ones, in folders that are made for them', async () => {
    const request = { kind: 'junit', path: 'ci/out/junit.xml' } as const
    expect(await (await prepare([request])).write(subject)).toEqual([])
    expect(await (await prepare([request])).write({ ...subject, findings: [] })).toEqual([])
    expect(readXml(read('ci/out/junit.xml')).attributes.tests).toBe('0')
    expect(readdirSync(join(folder, 'ci/out'))).toEqual(['junit.xml'])
  })

  it('write annotations to standard error and add the summary to those of the step', async () => {
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'before\n')
    const reports = await prepare([{ kind: 'github', path: null }], { GITHUB_STEP_SUMMARY: summary })
    expect(await reports.write(subject)).toEqual([])
    expect(err).toMatch(/^::error file=migrations\/0004_add_index.up.sql,line=3,/)
    expect(out).toBe('')
    expect(read('summary.md')).toMatch(/^before\n## Lockstep: Planned: 1 error/)
  })

  it('let the summary grow no further than GitHub takes', async () => {
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'x'.repeat(githubSummaryLimit - 200))
    await (await prepare([{ kind: 'github', path: null }], { GITHUB_STEP_SUMMARY: summary })).write(subject)
    expect(read('summary.md').length).toBeLessThanOrEqual(githubSummaryLimit)
    expect(read('summary.md')).toContain('cut off here')
  })

  it('say that there is no summary where GitHub has named no file', async () => {
    const reports = await prepare([{ kind: 'github', path: null }])
    expect(err).toContain('GITHUB_STEP_SUMMARY is not set')
    expect(await reports.write(subject)).toEqual([])
    expect(err).toContain('::error ')
    expect(readdirSync(folder)).toEqual([])
  })

  it('go to standard output when asked', async () => {
    await (await prepare([{ kind: 'sarif', path: '-' }])).write(subject)
    expect(JSON.parse(out).version).toBe('2.1.0')
    expect(err).toBe('')
  })

  it('are refused before anything runs where their place cannot be written', async () => {
    mkdirSync(join(folder, 'taken'))
    writeFileSync(join(folder, 'file'), '')
    for (const path of ['taken', 'file/junit.xml']) {
      const failure = await prepare([{ kind: 'junit', path }]).catch(error => error)
      expect(failure).toBeInstanceOf(LockstepError)
      expect(failure.failure).toMatchObject({ kind: 'usage' })
      expect(failure.failure.problem).toMatch(
        /^the junit report cannot be written to .* \((EISDIR|EEXIST|ENOTDIR)\)$/,
      )
    }
  })

  it('that cannot be written in the end are failures, and the others are written all the same', async () => {
    const reports = await prepare([
      { kind: 'junit', path: 'gone/junit.xml' },
      { kind: 'sarif', path: null },
    ])
    rmSync(join(folder, 'gone'), { recursive: true })
    writeFileSync(join(folder, 'gone'), 'in the way')
    chmodSync(join(folder, 'gone'), 0o400)
    expect(await reports.write(subject)).toEqual([
      { kind: 'report_unwritable', report: 'junit', file: join(folder, 'gone/junit.xml'), code: 'ENOTDIR' },
    ])
    expect(existsSync(join(folder, 'lockstep.sarif'))).toBe(true)
  })
})
