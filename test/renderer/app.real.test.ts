import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')

describe('the shell of the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('shows where one is, and has no violation of accessibility', async () => {
    await withFakeDashboard({ browser, engine: createSampleEngine() }, async page => {
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.getByText('local environment').count()).toBe(1)
      expect(await findViolations(page)).toEqual([])
    })
  })
})
