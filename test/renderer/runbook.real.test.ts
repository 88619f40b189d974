import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { RunView } from '../../shared/api/run-view.ts'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { checkScreen } from '../support/dashboard/check-screen.ts'
import type { FakeAnswers } from '../support/dashboard/fake-engine.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleRuns, sampleRunView } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const onPlan = '#/plan/-/runbook'
const undoes = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'
const committed = sampleRunView('0.1.0-migrated')

/** A run whose tenants were copied in each of the ways that there are. */
const copied: RunView = {
  ...committed,
  state: {
    ...committed.state,
    tenants: committed.state.tenants.map((tenant, index) => ({
      ...tenant,
      snapshot: {
        kind: (['fingerprint', 'dump', 'template'] as const)[index % 3] ?? 'dump',
        verified: index % 2 === 0,
        bytes: index % 3 === 0 ? null : 48_234_496,
        lsn: '0/5A3F1C8',
        restorePoint: index % 3 === 2 ? null : `lockstep_${committed.summary.runId}`,
        location: index % 3 === 0 ? null : `snapshots/${committed.summary.runId}/${tenant.tenant}.dump`,
      },
    })),
  },
}

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** Sees one state, without a violation of accessibility. */
async function look(hash: string, answers: FakeAnswers, shows: string): Promise<void> {
  await withFakeDashboard({ browser, engine: createSampleEngine(answers), hash }, async page => {
    await page.locator('main').getByText(shows).first().waitFor()
    expect(await findViolations(page)).toEqual([])
  })
}

describe('the runbook', () => {
  it('stands on the screen of a plan', async () => {
    await checkScreen({ browser, hash: onPlan, shows: 'Ring the person on duty <b>first</b>.' })
  })

  it.each([
    ['on its way', { 'protocol.read': 'never' }, 'Waiting for the runbook'],
    [
      'silent',
      { 'protocol.read': { value: { file: 'ops/SKILL.md', phases: [] } } },
      'says nothing to people',
    ],
    [
      'not to be read',
      { 'protocol.read': { failure: { kind: 'engine_gone', during: 'protocol.read' } } },
      'it cannot be run until the runbook can be read',
    ],
  ] as const)('says so when it is %s', async (_state, answers, shows) => {
    await look(onPlan, answers, shows)
  })

  it('opens beside each phase of a run by keyboard, and a run without it is still shown', async () => {
    const answers = { 'run.read': { value: committed } }
    const hash = `#/runs/${committed.summary.runId}`
    await withFakeDashboard({ browser, engine: createSampleEngine(answers), hash }, async page => {
      await page.getByText(/A phase opens to its runbook, from ops\/SKILL.md/).waitFor()
      await page.getByRole('button', { name: 'Planning: runbook' }).press('Enter')
      await page.getByRole('region', { name: 'Runbook: Planning' }).getByText('errors stop').waitFor()
    })
    const failing = {
      ...answers,
      'protocol.read': { failure: { kind: 'engine_gone', during: 'x' } },
    } as const
    await checkScreen({
      browser,
      hash,
      answers: failing,
      shows: 'The runbook is not shown beside the phases',
    })
  })
})

describe('the evidence of a run that can be undone', () => {
  it('says what was kept of each tenant, whether it was tried, and where it lies', async () => {
    const answers = { 'run.read': { value: copied } }
    const hash = `#/runs/${committed.summary.runId}/evidence`
    await withFakeDashboard({ browser, engine: createSampleEngine(answers), hash }, async page => {
      const row = page.getByRole('grid', { name: 'Snapshots' }).getByRole('row', { name: /dump/ }).first()
      expect(await row.textContent()).toMatch(/dump(restored once|not tried)48.2 MBsnapshots\/.*0\/5A3F1C8/)
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('is told apart in the history and on the overview when it undoes another run', async () => {
    const [first] = sampleRuns
    const rollback = { ...first!, runId: '01M82BQ88D8MGZ62A1HKJP13AN', undoes }
    const answers = { 'run.list': { value: [rollback, ...sampleRuns] } }
    await checkScreen({ browser, hash: '#/runs', answers, shows: 'rolled back' })
    await withFakeDashboard({ browser, engine: createSampleEngine(answers), hash: '#/runs' }, async page => {
      await page
        .getByRole('row', { name: /rolled back/ })
        .getByRole('link', { name: undoes.slice(0, 10) })
        .click()
      await expect.poll(() => page.url()).toContain(undoes)
    })
    await look('#/overview', answers, `undoes ${undoes.slice(0, 10)}`)
  })
})
