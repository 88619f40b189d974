import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { engineOf } from '../support/dashboard/live-run.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { makeRun, sampleRunId } from '../support/dashboard/sample-run.ts'
import { createSampleEngine } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const shots = process.env.LOCKSTEP_TEST_PICTURES

describe('what a list was narrowed to', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
  })

  const place = `#/runs/${sampleRunId}`

  async function shoot(page: Page, name: string): Promise<void> {
    if (shots === undefined) return
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png` })
  }

  it('in a run is there again with its part, and an address that names something is not narrowed by it', async () => {
    const engine = engineOf(() => makeRun(60, [12]))
    await withFakeDashboard({ browser, engine, hash: `${place}/tenants` }, async page => {
      await page.getByRole('button', { name: 'failed 1' }).click()
      await page.getByRole('grid', { name: '1 tenants by state' }).waitFor()
      await page.getByRole('tab', { name: /^Logs/ }).click()
      await page.getByLabel('Source').selectOption('person')
      await page.waitForURL(/logs\?source=person$/)
      await page.getByRole('tab', { name: /^Tenants/ }).click()
      await page.waitForURL(/tenants\?state=failed$/)
      await page.getByRole('grid', { name: '1 tenants by state' }).waitFor()
      await page.getByRole('gridcell', { name: 'tenant-0012, failed' }).first().click()
      await page.locator('[data-linked]').waitFor()
      expect(await page.getByLabel('Source').inputValue()).toBe('')
      await page.getByRole('tab', { name: /^Overview/ }).click()
      await page.getByRole('tab', { name: /^Logs/ }).click()
      await page.waitForURL(/logs\?source=person$/)
      await page.getByRole('button', { name: 'Clear filters' }).first().click()
      await page.waitForURL(/logs$/)
      await page.locator('[data-line="1"]').waitFor()
    })
  })

  it('in the evidence of a run shows each group with its decision and its window', async () => {
    const engine = engineOf(() => makeRun(60))
    await withFakeDashboard({ browser, engine, hash: `${place}/evidence` }, async page => {
      const groups = page.getByRole('region', { name: 'Groups' })
      await groups.getByText('readers waited up to').first().waitFor()
      await shoot(page, 'evidence')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('in the topology leaves servers in sight, and is there again with the tables', async () => {
    const engine = createSampleEngine()
    await withFakeDashboard({ browser, engine, hash: '#/topology?view=table' }, async page => {
      const tenants = page.getByRole('region', { name: 'Tenants' })
      await tenants.getByRole('group', { name: 'State' }).getByRole('button').nth(2).click()
      await page.waitForURL(/part=all&state=at_target/)
      expect(await page.getByRole('region', { name: 'Servers', exact: true }).count()).toBe(1)
      await shoot(page, 'topology')
      await page.getByRole('button', { name: 'Graph', exact: true }).click()
      await page.getByRole('link', { name: 'Overview' }).first().click()
      await page.waitForURL(/overview/)
      await page.evaluate(() => {
        location.hash = '#/topology?view=table'
      })
      await page.waitForURL(/state=at_target/)
    })
  })
})
