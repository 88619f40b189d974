import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { measureOverflow } from '../support/dashboard/check-screen.ts'
import { createLargePlanView, createLargeRunView } from '../support/dashboard/large-views.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { sampleRunId } from '../support/dashboard/sample-run.ts'
import { createSampleEngine } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')

/** What the largest of them draws; what is drawn for every tenant goes beyond it. */
const mostNodes = 2_000

async function checkFit(page: Page): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await measureOverflow(page), `at ${width} px`).toBeLessThanOrEqual(0)
    expect(await page.evaluate(() => document.documentElement.scrollHeight), `at ${width} px`).toBe(900)
  }
  expect(await findViolations(page)).toEqual([])
}

describe('a fleet of 1000 tenants', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('has a plan whose evidence fits, and opens further by keys', async () => {
    const engine = createSampleEngine({ 'plan.read': { value: createLargePlanView(1_000) } })
    await withFakeDashboard({ browser, engine, hash: '#/plan/last/rehearsal' }, async page => {
      for (const [tab, shows, more] of [
        ['Rehearsal', '38 more classes are not shown', 'Show all 1000 subscriptions'],
        ['Findings', '440 more findings are not shown', null],
        ['Classes', '30 more classes are not shown', 'Show all 960 tenants'],
        ['Rollback', '31 more classes are not shown', 'Show all 80 facts'],
      ] as const) {
        await page.getByRole('tab', { name: tab }).click()
        await page.getByText(shows).waitFor()
        expect(await page.locator('main *').count()).toBeLessThan(mostNodes)
        if (more !== null) await page.getByRole('button', { name: more }).first().press('Enter')
        await checkFit(page)
      }
    })
  })

  it('has a run whose evidence and gates fit, and whose rows open to everything that they say', async () => {
    const engine = createSampleEngine({ 'run.read': { value: createLargeRunView(1_000, 64) } })
    const gates = `#/runs/${sampleRunId}/gates?gate=tenant_isolation`
    await withFakeDashboard({ browser, engine, hash: gates }, async page => {
      await page.getByText('52 more facts are not shown').waitFor()
      expect(await page.locator('main *').count()).toBeLessThan(mostNodes)
      await page.getByRole('button', { name: 'Show all 64 facts' }).press('Enter')
      await checkFit(page)
      await page.getByRole('tab', { name: 'Evidence' }).click()
      const classes = page.getByRole('grid', { name: 'Classes of schemas before the run' })
      expect(await page.locator('main *').count()).toBeLessThan(mostNodes)
      await classes.getByRole('row').nth(1).focus()
      expect(await classes.getByRole('row').nth(1).textContent()).toContain('outlier')
      await page.keyboard.press('End')
      await classes.getByText('main', { exact: true }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Show all 960 tenants' }).press('Enter')
      await page.getByRole('group', { name: 'All 960 tenants' }).getByText('tenant-0999').waitFor()
      const snapshots = page.getByRole('grid', { name: 'Snapshots' })
      await snapshots.getByRole('row').nth(1).click()
      const opened = page.getByRole('region', { name: 'Snapshots: the row that is open' })
      await opened.getByText('a'.repeat(64)).waitFor()
      await checkFit(page)
      await snapshots.getByRole('row').nth(1).click()
      await opened.waitFor({ state: 'detached' })
    })
  })
})
