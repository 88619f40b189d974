import { dirname, join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { inject } from 'vitest'
import type { FakeEngine } from './fake-engine.ts'
import { serveFiles } from './serve-files.ts'

export interface FakeDashboardOptions {
  readonly browser: Browser
  readonly engine: FakeEngine
  /** Such as `#/plan`. */
  readonly hash?: string
  readonly context?: BrowserContextOptions
  /** Done with the page before it is opened, such as requests that shall fail. */
  readonly prepare?: (page: Page) => Promise<unknown>
  /** Faults that this page shall report. */
  readonly expected?: RegExp
}

/** Folder of the renderer as it was built for this test run. */
export function rendererFolder(): string {
  return join(dirname(inject('launcher')), '../../dist/renderer')
}

/** The real built dashboard in a real browser, with a fake engine behind the desktop's bridge. Fails when the page reports a fault. */
export async function withFakeDashboard<T>(
  { browser, engine, hash = '#/overview', context: options, prepare, expected }: FakeDashboardOptions,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const files = await serveFiles(rendererFolder())
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // A colour that is on its way to another one has a contrast of its own.
    reducedMotion: 'reduce',
    ...options,
  })
  const faults: string[] = []
  const report = (fault: string): void => {
    if (!expected?.test(fault)) faults.push(fault)
  }
  try {
    const page = await context.newPage()
    page.on('pageerror', error => report(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') report(message.text())
    })
    await page.exposeFunction('fakeRequest', (name: string, input: unknown) => engine.request(name, input))
    await page.addInitScript(() => {
      const listeners = new Set<(event: unknown) => void>()
      const offered = globalThis as unknown as {
        fakeRequest: (name: string, input: unknown) => Promise<unknown>
        fakePublish: (event: unknown) => void
        lockstep: unknown
      }
      offered.fakePublish = event => {
        for (const listener of listeners) listener(event)
      }
      offered.lockstep = {
        request: (name: string, input: unknown) => offered.fakeRequest(name, input),
        subscribe: (listener: (event: unknown) => void) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
        onCommand: () => () => undefined,
        onNavigate: () => () => undefined,
      }
    })
    const stop = engine.subscribe(event => {
      void page.evaluate(
        sent => (globalThis as unknown as { fakePublish(event: unknown): void }).fakePublish(sent),
        event,
      )
    })
    await prepare?.(page)
    await page.goto(`${files.address}${hash}`)
    const result = await use(page).catch(async (error: unknown) => {
      // What the page itself says is as a rule why something was waited for in vain.
      const shown = await page.locator('body').textContent({ timeout: 1_000 }).catch(String)
      throw new Error(
        [String(error), 'on a page that shows:', shown?.slice(0, 2_000), ...faults].join('\n'),
        {
          cause: error,
        },
      )
    })
    stop()
    if (faults.length > 0) throw new Error(`the page reported faults:\n${faults.join('\n')}`)
    return result
  } finally {
    await context.close()
    files.close()
  }
}
