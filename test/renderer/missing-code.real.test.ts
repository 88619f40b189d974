import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const screen = '**/topology-screen-*.js'
const first = '**/assets/index-*.js'

describe('code of the dashboard that does not come', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  /** Opens a screen while requests for some of the dashboard's code are answered by a test. */
  const open = (code: string, answer: (route: Route) => Promise<void>, use: (page: Page) => Promise<void>) =>
    withFakeDashboard(
      {
        browser,
        engine: createSampleEngine(),
        hash: '#/topology',
        expected: /Failed to load resource|part_missing/,
        prepare: page => page.route(code, answer),
      },
      use,
    )

  it('is asked for again, when it is that of a screen, and nobody notices', async () => {
    const asked = countRequests(2)
    await open(screen, asked.answer, async page => {
      await page.getByRole('heading', { name: 'Replica lag' }).waitFor()
      expect(await page.getByText('did not come').count()).toBe(0)
      expect(asked.count()).toBe(3)
    })
  })

  it('is said of a screen after several tries, and comes when a person tries again', async () => {
    const asked = countRequests(4)
    await open(screen, asked.answer, async page => {
      await page.getByRole('alert').getByText('The topology did not come.').waitFor()
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('heading', { name: 'Replica lag' }).waitFor()
      expect(asked.count()).toBe(5)
    })
  })

  it('makes the page load again, when it is the first', async () => {
    const asked = countRequests(3)
    await open(first, asked.answer, async page => {
      await page.getByRole('heading', { name: 'Replica lag' }).waitFor()
      expect(asked.count()).toBe(4)
      // A later start has all its tries again.
      expect(await page.evaluate(() => sessionStorage.getItem('lockstep.start-tries'))).toBe('0')
    })
  })

  it('leaves no empty page, when it never comes', async () => {
    const asked = countRequests(Number.POSITIVE_INFINITY)
    await open(first, asked.answer, async page => {
      await page.getByRole('alert').getByText('The dashboard did not come.').waitFor()
      expect(asked.count()).toBe(4)
    })
  })
})

/** Lets the first requests fail, and those after them through. */
function countRequests(failing: number): {
  readonly answer: (route: Route) => Promise<void>
  count(): number
} {
  let count = 0
  return {
    answer: async route => {
      count += 1
      await (count <= failing ? route.abort() : route.continue())
    },
    count: () => count,
  }
}
