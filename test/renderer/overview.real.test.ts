import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { OverviewView } from '../../shared/api/overview-view.ts'
import { checkScreen, measureOverflow } from '../support/dashboard/check-screen.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import {
  createSampleEngine,
  sampleLag,
  sampleOverview,
  samplePlan,
  sampleSession,
} from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const hash = '#/overview'
const unreachable = {
  kind: 'server_unreachable',
  server: 'primary',
  endpoint: '127.0.0.1:5432',
  code: 'ECONNREFUSED',
} as const
const ready: OverviewView = {
  ...sampleOverview,
  readiness: { verdict: 'ready', reason: '6 of 6 tenants are behind 0003.', action: { kind: 'make_plan' } },
}

describe('the overview', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('answers in its heading whether one may migrate, with the next action beside it', async () => {
    await checkScreen({ browser, hash, shows: 'Waiting for approval:' })
    await withFakeDashboard({ browser, engine: createSampleEngine() }, async page => {
      const heading = page.getByRole('heading', { level: 1 })
      await heading.getByText('A plan for 6 tenants').waitFor()
      expect(await heading.textContent()).toBe(
        'Waiting for approval: A plan for 6 tenants to 0003 waits for approval.',
      )
      await page.keyboard.press('.')
      await page.waitForURL(new RegExp(`#/plan/${samplePlan.planId}$`))
    })
  })

  it('keeps its place while it loads, and then says what it waits for', async () => {
    await checkScreen({
      browser,
      hash,
      answers: { 'overview.read': 'never', 'lag.read': 'never' },
      shows: 'Looking whether you may migrate',
    })
  })

  it('lists the runs at once, however long the fleet takes', async () => {
    const engine = createSampleEngine({ 'overview.read': 'never' })
    await withFakeDashboard({ browser, engine, hash }, async page => {
      const runs = page.getByRole('region', { name: 'Last runs' })
      await runs.getByText('migrated').waitFor()
      expect(await page.getByText('Looking whether you may migrate').count()).toBe(1)
    })
  })

  it('has everything read again for a person who asks for it', async () => {
    const engine = createSampleEngine({ 'topology.forget': { value: {} } })
    await withFakeDashboard({ browser, engine, hash }, async page => {
      await page.getByRole('heading', { level: 1 }).getByText('A plan for 6 tenants').waitFor()
      const before = engine.asksFor('overview.read').length
      await page.keyboard.press('r')
      await expect.poll(() => engine.asksFor('overview.read').length).toBe(before + 1)
      expect(engine.asked.findLastIndex(one => one.name === 'topology.forget')).toBeLessThan(
        engine.asked.findLastIndex(one => one.name === 'overview.read'),
      )
    })
  })

  it('is still of use when no server answers: why, what that means, and the runs', async () => {
    const value: OverviewView = {
      ...sampleOverview,
      readiness: {
        verdict: 'blocked',
        reason: 'Server primary cannot be reached.',
        action: { kind: 'open_topology' },
      },
      fleet: null,
      failure: unreachable,
      lag: [],
    }
    const missing = sampleLag.map(series => ({
      ...series,
      samples: series.samples.map(one => ({ ...one, bytes: null, seconds: null, state: 'missing' as const })),
    }))
    const answers = { 'overview.read': { value }, 'lag.read': { value: missing } }
    await checkScreen({ browser, hash, answers, shows: 'planning and migrating wait' })
    await withFakeDashboard({ browser, engine: createSampleEngine(answers) }, async page => {
      await page.getByText('The tenants could not be read.').waitFor()
      expect(await page.getByText('no answer').count()).toBe(2)
      expect(await page.getByText('idle, caught up').count()).toBe(0)
      expect(await page.getByRole('button', { name: /^Open the failure/ }).count()).toBe(2)
    })
  })

  it('lists the runs even when the engine cannot say anything else', async () => {
    await checkScreen({
      browser,
      hash,
      answers: { 'overview.read': { failure: unreachable } },
      shows: 'stopped by gate',
    })
  })

  it('offers a plan and the command where there is no run yet', async () => {
    const answers = {
      'overview.read': { value: { ...ready, attention: [] } },
      'run.list': { value: [] },
      'lag.read': { value: [] },
    }
    await checkScreen({ browser, hash, answers, shows: 'No run yet' })
    const engine = createSampleEngine(answers)
    await withFakeDashboard({ browser, engine }, async page => {
      await page.getByText('Nothing needs you now.').waitFor()
      await page.getByRole('button', { name: 'Make a plan' }).last().press('Enter')
      await page.waitForURL(/#\/plan\//)
      expect(engine.asksFor('plan.make')).toEqual([{ target: [], tenants: [] }])
    })
  })

  it('shows production, a fleet of thousands with drift, and more needs than fit', async () => {
    const kinds = ['failed', 'needs_human', 'waiting', 'running', 'stale', 'note', 'note', 'note'] as const
    const tenants = Array.from({ length: 5_000 }, (_, index) => `tenant_${index}`)
    const value: OverviewView = {
      ...ready,
      attention: kinds.map((kind, index) => ({
        kind,
        text: `a_name_of_a_tenant_that_is_as_long_as_a_name_of_a_database_may_be_${index}`,
        action: { kind: 'open_topology' },
      })),
      fleet: {
        target: ['0003'],
        tenants: 5_000,
        atTarget: 412,
        behind: 4_588,
        groups: Array.from({ length: 40 }, (_, index) => ({
          group: `a_group_with_a_long_name_${index}`,
          tenants: 125,
          behind: index,
        })),
        classes: [
          { heads: ['0002'], fingerprint: 'a', tenants: tenants.slice(0, 4_588), isMain: true },
          { heads: ['0002'], fingerprint: 'b', tenants: ['cedar'], isMain: false },
          { heads: ['0003'], fingerprint: 'c', tenants: tenants.slice(4_588), isMain: true },
        ],
      },
    }
    const environment = { name: 'acme-prod', protection: 'production', why: 'lockstep.yml says so' } as const
    const session = { ...sampleSession, project: { ...sampleSession.project!, environment } }
    await checkScreen({
      browser,
      hash,
      answers: { 'overview.read': { value }, 'session.read': { value: session } },
      shows: '2 classes at 0002: drift, cedar differs',
    })
  })

  it('looks again when something changed, and says aloud what changed', async () => {
    const engine = createSampleEngine()
    await withFakeDashboard({ browser, engine }, async page => {
      await page.getByText('Waiting for approval:').waitFor()
      engine.answers = { ...engine.answers, 'overview.read': { value: ready } }
      engine.publish({ type: 'plan.changed', planId: samplePlan.planId })
      await page.getByRole('heading', { name: 'Ready: 6 of 6 tenants are behind 0003.' }).waitFor()
      await page.getByRole('status').getByText('Ready: 6 of 6').waitFor({ state: 'attached' })
      expect(await page.title()).toBe('Ready - demo-shop')
    })
  })

  it('shows the lag of a standby as it comes, with its gap as a gap', async () => {
    const engine = createSampleEngine()
    await withFakeDashboard({ browser, engine }, async page => {
      await page.getByRole('img', { name: /^standby-1, last 10 min: .* 1 gap without data/ }).waitFor()
      await page.getByText('idle, caught up').waitFor()
      const at = new Date(Date.parse(sampleLag[0]!.samples.at(-1)!.at) + 1_000).toISOString()
      engine.publish({
        type: 'lag.sampled',
        samples: [
          { server: 'standby-1', cluster: 'main', at, bytes: 99_000_000, seconds: 7, state: 'streaming' },
        ],
      })
      await page.getByText('more than 16.8 MB behind').waitFor()
      await page.getByText('99.0 MB, 7.00 s behind').waitFor()
    })
  })

  it('leads by keyboard alone from a failed run to the line that failed', async () => {
    const engine = createSampleEngine({ 'log.firstFailure': { value: { position: 40, line: 41 } } })
    await withFakeDashboard({ browser, engine }, async page => {
      const open = page.getByRole('button', { name: /^Open the failure/ }).first()
      await open.waitFor()
      for (let press = 0; press < 60; press += 1) {
        if (await open.evaluate(button => button === document.activeElement)) break
        await page.keyboard.press('Tab')
      }
      await page.keyboard.press('Enter')
      await page.waitForURL(/#\/runs\/01\w+\/logs\?line=41$/)
      expect(await measureOverflow(page)).toBeLessThanOrEqual(0)
    })
  })
})
