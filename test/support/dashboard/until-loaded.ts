import type { Page } from 'playwright-core'

/** Waits until no part of the screen waits for anything any more, however many do. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[data-state="loading"]') === null)
}
