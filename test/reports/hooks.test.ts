import { expect, it } from 'vitest'
import { buildReport } from '../../electron/reports/build-report.ts'
import { buildAnnotations } from '../../electron/reports/github-annotations.ts'
import { buildSummary } from '../../electron/reports/github-summary.ts'
import { buildJunit } from '../../electron/reports/junit.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import { eventSamples } from '../shared/samples/events.ts'
import { calmMood, envelop, makeMigratedRun } from '../shared/samples/runs.ts'
import { readXml } from '../support/read-xml.ts'
import { createReportValidator } from './report-validator.ts'

const state = foldAll(envelop([...makeMigratedRun(calmMood), ...eventSamples['hook.judged']]))

it('the report holds every answer of a hook, with its moment', () => {
  const report = buildReport(state, { headHash: null })
  expect(createReportValidator()(report)).toEqual([])
  expect(report.hooks).toMatchObject([
    {
      hook: 'change window',
      kind: 'executable',
      moment: 'before',
      phase: 'approval',
      tenant: null,
      duration_ms: 12,
    },
    { hook: 'no orphans', kind: 'sql', group: 'rest', tenant: 'birch', verdict: 'failed' },
  ])
})

it('reports for CI name a hook that did not pass, with its moment', () => {
  const subject = {
    toolVersion: '0.1.0',
    project: 'acme',
    environment: 'test',
    plan: null,
    findings: [],
    run: state,
    paths: { sources: '', config: 'lockstep.yml' },
  }
  const suite = readXml(buildJunit(subject)).children.find(({ attributes }) => attributes.name === 'hooks')
  expect(suite?.children.map(({ attributes }) => attributes.name)).toEqual([
    'change window before approval',
    'no orphans after migration execution (birch)',
  ])
  expect(suite?.children[0]?.children.map(one => one.name)).toContain('failure')
  expect(buildAnnotations(subject).join('\n')).toContain('hook change window before approval')
  expect(buildSummary(subject)).toContain('change window before approval')
})
