import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { defaultPreferences, type Preferences } from '../../../shared/api/preferences.ts'
import { findViolations } from './check-accessibility.ts'
import type { FakeAnswers } from './fake-engine.ts'
import { createSampleEngine } from './sample-views.ts'
import { withFakeDashboard } from './with-fake-dashboard.ts'

export interface ScreenState {
  readonly browser: Browser
  readonly hash: string
  readonly answers?: FakeAnswers
  /** A text that is in sight once the state is reached. */
  readonly shows: string | RegExp
}

const themes: readonly Preferences['theme'][] = ['light', 'dark', 'contrast']

/** Looks at one state of a screen in every theme, and at both ends of the widths: no violation, no scrolling sideways, one h1. */
export async function checkScreen(state: ScreenState): Promise<void> {
  const { browser, hash, answers = {}, shows } = state
  for (const theme of themes) {
    const preferences = { ...defaultPreferences, theme }
    const engine = createSampleEngine({ 'preferences.read': { value: preferences }, ...answers })
    await withFakeDashboard({ browser, engine, hash }, async page => {
      await page.locator('main').getByText(shows).first().waitFor()
      await page.locator(`html[data-theme="${theme}"]`).waitFor()
      expect(await findViolations(page), `${hash} in ${theme}`).toEqual([])
      expect(await page.locator('h1').count()).toBe(1)
      if (theme !== 'light') return
      for (const width of [320, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await measureOverflow(page), `${hash} at ${width} px`).toBeLessThanOrEqual(0)
      }
    })
  }
}

/** By how many pixels the page, or its main part, is wider than there is room. */
export function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main')
    const inner = main === null ? 0 : main.scrollWidth - main.clientWidth
    return Math.max(inner, document.documentElement.scrollWidth - innerWidth)
  })
}
