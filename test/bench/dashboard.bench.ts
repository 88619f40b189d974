import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineOf, liveRun } from '../support/dashboard/live-run.ts'
import { measureInitialScripts } from '../support/dashboard/measure-initial-scripts.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createLongLog, makeRun, sampleRunId, viewOf } from '../support/dashboard/sample-run.ts'
import { createSampleEngine } from '../support/dashboard/sample-views.ts'
import { rendererFolder, withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'

const place = `#/runs/${sampleRunId}`
const lines: string[] = []

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
})

function tell(what: string, measured: string, budget: string, isMet: boolean): void {
  lines.push(
    `${what.padEnd(52)} ${measured.padEnd(42)} budget ${budget.padEnd(16)} ${isMet ? 'met' : 'NOT MET'}`,
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Time between frames while the page is left alone, or while something goes on. */
function measureFrames(page: Page, count: number): Promise<readonly number[]> {
  return page.evaluate(
    wanted =>
      new Promise<readonly number[]>(resolve => {
        const times: number[] = []
        let before = performance.now()
        const look = (now: number): void => {
          times.push(now - before)
          before = now
          if (times.length <= wanted) requestAnimationFrame(look)
          else resolve(times.slice(1))
        }
        requestAnimationFrame(look)
      }),
    count,
  )
}

/** Hands events to the page and lets it publish them to itself: the way there is not what is measured. */
function publishInPage(page: Page, events: readonly unknown[], each: number, everyMs: number): Promise<void> {
  return page.evaluate(
    ({ given, batch, pause, runId }) =>
      new Promise<void>(resolve => {
        const publish = (globalThis as unknown as { fakePublish(event: unknown): void }).fakePublish
        let from = 0
        const timer = setInterval(() => {
          publish({ type: 'run.events', runId, events: given.slice(from, from + batch) })
          from += batch
          if (from < given.length) return
          clearInterval(timer)
          resolve()
        }, pause)
      }),
    { given: events, batch: each, pause: everyMs, runId: sampleRunId },
  )
}

/** Lets the page answer for the engine, whose own pages take 2 ms: a browser driver's way to and fro is not what is measured. */
function answerRangesInPage(page: Page, sample: unknown): Promise<void> {
  return page.evaluate(line => {
    const { lockstep } = globalThis as unknown as {
      lockstep: { request(name: string, input: { from: number; count: number }): Promise<unknown> }
    }
    const ask = lockstep.request
    lockstep.request = async (name, input) => {
      if (name !== 'log.range') return ask(name, input)
      await new Promise(resolve => setTimeout(resolve, 2))
      const lines = Array.from({ length: input.count }, (_, index) => ({
        ...(line as object),
        line: input.from + index + 1,
      }))
      return { ok: true, value: { lines, from: input.from, total: 10_000_000, all: 10_000_000 } }
    }
  }, sample)
}

test('initial JavaScript', () => {
  const total = measureInitialScripts(rendererFolder()).reduce((sum, { gzipped }) => sum + gzipped, 0)
  tell('initial JavaScript, gzipped', `${(total / 1_000).toFixed(1)} kB`, '220 kB', total <= 220_000)
  expect(total).toBeLessThanOrEqual(220_000)
})

test('the first contentful paint of a fresh browser profile', { timeout: 120_000 }, async () => {
  const times: number[] = []
  const ready: number[] = []
  for (let round = 0; round < 7; round += 1) {
    await withFakeDashboard({ browser, engine: createSampleEngine() }, async page => {
      await page.getByRole('heading', { level: 1, name: /Waiting for approval/ }).waitFor()
      const measured = await page.evaluate(() => ({
        paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
        now: performance.now(),
      }))
      times.push(measured.paint)
      ready.push(measured.now)
    })
  }
  const median = quantile(times, 0.5)
  tell(
    'first contentful paint',
    `${median.toFixed(0)} ms (verdict shown ${quantile(ready, 0.5).toFixed(0)} ms)`,
    '500 ms',
    median <= 500,
  )
})

test('jumps in a log of 10,000,000 lines', { timeout: 120_000 }, async () => {
  const log = createLongLog(10_000_000)
  const events = makeRun(1_000, [412])
  const view = viewOf(events)
  const engine = engineOf(() => events, {
    'run.read': { value: { ...view, state: { ...view.state, lastSeq: 10_000_000 } } },
    'log.range': {
      answer: (input: { filter: object; from: number; count: number }) => ({
        ok: true,
        value: log.range(input.filter, input.from, input.count),
      }),
    },
  })
  await withFakeDashboard({ browser, engine, hash: `${place}/logs` }, async page => {
    await page.locator('[data-line="1"]').waitFor()
    await answerRangesInPage(page, log.range({}, 0, 1).lines[0])
    const jumps = await page.evaluate(async () => {
      const scroller = document.querySelector<HTMLElement>('[aria-label="Log lines"]')
      if (!scroller) throw new Error('no log')
      const times: number[] = []
      for (let round = 0; round < 40; round += 1) {
        const part = ((round * 37) % 97) / 97 + 0.005
        const began = performance.now()
        scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * part
        await new Promise<void>(resolve => {
          const look = (): void => {
            const line = Number(
              document.querySelector<HTMLElement>('[data-line]')?.dataset.line ?? Number.NaN,
            )
            if (Math.abs(line - 10_000_000 * part) < 2_000) resolve()
            else requestAnimationFrame(look)
          }
          look()
        })
        times.push(performance.now() - began)
      }
      return times
    })
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    const worst = quantile(jumps, 1)
    tell(
      'jump in 1,000 tenants x 10,000 lines',
      `median ${quantile(jumps, 0.5).toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
      '100 ms',
      worst <= 100,
    )
    tell('heap with it', `${(usedSize / 1e6).toFixed(0)} MB`, '150 MB', usedSize <= 150e6)
  })
})

test('following 1,000 lines a second', { timeout: 120_000 }, async () => {
  const events = makeRun(1_000)
  const start = 1_000
  const run = liveRun(events)
  run.write(start)
  await withFakeDashboard({ browser, engine: run.engine, hash: `${place}/logs` }, async page => {
    await page.locator('[data-following]').waitFor()
    const idle = await measureFrames(page, 120)
    // The engine has the lines as soon as it has told of them.
    run.writeSilently(5_000)
    const frames = measureFrames(page, 280)
    const publishing = publishInPage(page, events.slice(start + 10, start + 10 + 5_000), 20, 20)
    const times = await frames
    await publishing
    const isAtEnd = (await page.locator('[data-following]').count()) === 1
    const fps = 1_000 / (times.reduce((sum, time) => sum + time, 0) / times.length)
    const calm = 1_000 / (idle.reduce((sum, time) => sum + time, 0) / idle.length)
    tell(
      'following 1,000 lines a second',
      `${fps.toFixed(1)} fps (${(fps / calm).toFixed(2)} of an idle page), ${isAtEnd ? 'at the end' : 'NOT at the end'}`,
      '55 fps',
      fps >= 55 && isAtEnd,
    )
  })
})

test('5,000 tenants with 200 updates a second', { timeout: 120_000 }, async () => {
  const events = makeRun(5_000, [], 'middle')
  const run = liveRun(events)
  run.write(5_050)
  await withFakeDashboard({ browser, engine: run.engine, hash: `${place}/tenants` }, async page => {
    await page.getByRole('grid', { name: '5000 tenants by state' }).waitFor()
    const idle = await measureFrames(page, 120)
    const frames = measureFrames(page, 280)
    const publishing = publishInPage(page, events.slice(5_060, 6_060), 4, 20)
    const times = await frames
    await publishing
    const slow = quantile(times, 0.95)
    tell(
      '5,000 tenants, 200 updates a second',
      `p95 ${slow.toFixed(1)} ms (idle ${quantile(idle, 0.95).toFixed(1)}), median ${quantile(times, 0.5).toFixed(1)} ms`,
      'p95 17 ms',
      slow <= 17,
    )
  })
})
