import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { defaultPreferences } from '../../shared/api/preferences.ts'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import type { FakeAnswers } from '../support/dashboard/fake-engine.ts'
import { engineOf, liveRun } from '../support/dashboard/live-run.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createLongLog, makeRun, sampleRunId, viewOf } from '../support/dashboard/sample-run.ts'
import { sampleSession } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const shots = process.env.LOCKSTEP_TEST_PICTURES

describe('the page of a run', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
  })

  const failed = makeRun(1_000, [412, 700])
  const failing = makeRun(60, [12])
  const tabs = ['overview', 'gates', 'tenants', 'logs', 'lag', 'evidence'] as const
  const place = `#/runs/${sampleRunId}`

  async function shoot(page: Page, name: string): Promise<void> {
    if (shots === undefined) return
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png` })
  }

  it('says how the run ended, and leads from there to the failing line in two steps', async () => {
    const engine = engineOf(() => failed)
    await withFakeDashboard({ browser, engine, hash: place }, async page => {
      await page.getByRole('heading', { level: 1, name: /Rolled back: 1000 tenants proven/ }).waitFor()
      await shoot(page, 'overview')
      await page.getByRole('button', { name: 'Open the failure' }).click()
      const line = page.locator('[data-linked]')
      await line.waitFor()
      expect(await line.textContent()).toContain('tenant-0412')
      expect(page.url()).toMatch(/logs\?line=\d+$/)
      await shoot(page, 'failing-line')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('goes through a thousand tenants by keys alone, to the log of the one that failed', async () => {
    const engine = engineOf(() => failed)
    await withFakeDashboard({ browser, engine, hash: `${place}/tenants` }, async page => {
      const grid = page.getByRole('grid', { name: '1000 tenants by state' })
      await grid.waitFor()
      await shoot(page, 'tenants')
      expect(await page.getByRole('gridcell').count()).toBeLessThan(1_400)
      await grid.locator('[tabindex="0"]').focus()
      await page.keyboard.type('tenant-0700')
      await expect.poll(() => focusedName(page)).toBe('tenant-0700, failed')
      await page.keyboard.press('End')
      await expect.poll(() => focusedName(page)).toBe('tenant-0999, rolled back')
      await page.keyboard.press('Home')
      await expect.poll(() => focusedName(page)).toBe('tenant-0412, failed')
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => focusedName(page)).toBe('tenant-0700, failed')
      expect(await findViolations(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.locator('[data-linked]').waitFor()
      expect(await page.locator('[data-linked]').textContent()).toContain('tenant-0700 voted no')
      expect(page.url()).toContain('tenant=tenant-0700')
      await page.goBack()
      await page.getByRole('button', { name: 'failed 2' }).click()
      await page.getByRole('grid', { name: '2 tenants by state' }).waitFor()
      expect(page.url()).toContain('state=failed')
    })
  })

  it('follows a run from its start to its end without a missing or repeated line, also when the engine starts again', async () => {
    const run = liveRun(makeRun(60))
    await withFakeDashboard({ browser, engine: run.engine, hash: `${place}/logs` }, async page => {
      await page.locator('[data-following]').waitFor()
      for (let step = 0; step < 12; step += 1) {
        run.write(25)
        if (step === 5) {
          run.forget()
          run.write(30)
          run.engine.publish({ type: 'engine.ended', runId: null })
        }
        if (step === 8) run.repeat(40)
        await page.locator(`[data-line="${run.written()}"]`).waitFor()
      }
      await shoot(page, 'live')
      run.write(10_000)
      await page.getByRole('heading', { level: 1, name: 'Migrated: 60 tenants' }).waitFor()
      await page.locator(`[data-line="${run.written()}"]`).waitFor()
      const shown = await page
        .locator('[data-line]')
        .evaluateAll(rows => rows.map(row => Number((row as HTMLElement).dataset.line)))
      expect(shown).toEqual(shown.map((_, index) => shown[0]! + index))
      expect(await page.getByRole('button', { name: 'Follow the end' }).count()).toBe(0)
      expect(await page.getByText(`All ${run.written()} lines, from line 1.`).count()).toBe(1)
      expect(await page.getByRole('tab', { name: `Logs ${run.written()}` }).count()).toBe(1)
    })
  })

  it('stops following when the reader scrolls up, counts what comes, and follows again at the end', async () => {
    const run = liveRun(makeRun(200))
    await withFakeDashboard({ browser, engine: run.engine, hash: `${place}/logs` }, async page => {
      run.write(300)
      await page.locator(`[data-line="${run.written()}"]`).waitFor()
      await page.getByRole('group', { name: 'Log lines' }).hover()
      await page.mouse.wheel(0, -200)
      await page.locator('[data-following]').waitFor({ state: 'detached' })
      const before = await page.locator('[data-line]').first().getAttribute('data-line')
      run.write(17)
      await page.getByRole('button', { name: '17 new lines - jump to the end (End)' }).waitFor()
      expect(await page.locator('[data-line]').first().getAttribute('data-line')).toBe(before)
      await page.getByRole('group', { name: 'Log lines' }).focus()
      await page.keyboard.press('End')
      await page.locator('[data-following]').waitFor()
      run.write(40)
      await page.locator(`[data-line="${run.written()}"]`).waitFor()
      await page.getByRole('searchbox').fill('voted yes')
      await page.locator('[data-following]').waitFor({ state: 'detached' })
      await page.locator('mark').first().waitFor()
    })
  })

  it('says what a pause and an abort do before they are asked for', async () => {
    const run = liveRun(makeRun(40, [], 'middle'), {
      'session.read': {
        value: {
          ...sampleSession,
          project: {
            ...sampleSession.project!,
            environment: { name: 'acme-prod', protection: 'production', why: 'lockstep.yml says so' },
          },
        },
      },
      'run.pause': { value: { runId: sampleRunId, startedAt: null, control: 'pausing', isOurs: true } },
      'run.abort': { failure: { kind: 'not_possible', action: 'abort', reason: 'The run has just ended.' } },
    })
    run.write(10_000)
    await withFakeDashboard({ browser, engine: run.engine, hash: place }, async page => {
      await page
        .getByRole('heading', { level: 1, name: /Migrating group rest: \d+ of 36 tenants through/ })
        .waitFor()
      await shoot(page, 'production')
      await page.getByRole('button', { name: 'Pause the run' }).click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByText('it takes effect where nothing is prepared', { exact: false })
        .or(dialog.getByText('takes effect where nothing is prepared', { exact: false }))
        .first()
        .waitFor()
      expect(await dialog.getByText('acme-prod').count()).toBeGreaterThan(0)
      expect(await findViolations(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Pause the run' }).click()
      await dialog.waitFor({ state: 'detached' })
      expect(run.engine.asksFor('run.pause')).toEqual([
        { runId: sampleRunId, confirmation: { kind: 'acknowledged' } },
      ])
      await page.getByRole('button', { name: 'Abort the run over 40 tenants' }).click()
      await page
        .getByText('Nothing new starts, what has begun is rolled back and proven.', { exact: false })
        .waitFor()
      await shoot(page, 'abort')
      await page.getByRole('dialog').getByRole('button', { name: 'Abort the run over 40 tenants' }).click()
      await page.getByRole('dialog').getByText('The run has just ended.', { exact: false }).waitFor()
    })
  })

  it('offers to recover a run that was cut off, before anything else', async () => {
    const events = makeRun(40, [], 'middle')
    const engine = engineOf(() => events, {
      'run.read': {
        answer: () => {
          const view = viewOf(events)
          const possible = view.possible.map(one =>
            one.action === 'recover' ? { ...one, refusal: null } : one,
          )
          return { ok: true, value: { ...view, possible, summary: { ...view.summary, alive: false } } }
        },
      },
      'run.recover': { value: { runId: sampleRunId } },
    })
    await withFakeDashboard({ browser, engine, hash: place }, async page => {
      await page
        .getByRole('heading', {
          level: 1,
          name: 'The engine ended in the middle of it: 18 tenants are prepared and locked.',
        })
        .waitFor()
      await shoot(page, 'cut-off')
      expect(await page.getByRole('button', { name: 'Pause the run' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Recover the run and settle 18 tenants' }).click()
      await expect
        .poll(() => engine.asksFor('run.recover'))
        .toEqual([{ runId: sampleRunId, confirmation: null }])
    })
  })

  it('goes anywhere in ten million lines at once, and a wheel moves by pixels there', async () => {
    const log = createLongLog(10_000_000)
    const view = viewOf(failed)
    const engine = engineOf(() => failed, {
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
      for (const part of [0.5, 0.1, 0.93, 0.333, 0.77]) {
        await page.getByRole('group', { name: 'Log lines' }).evaluate((scroller, share) => {
          scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * share
        }, part)
        const shown = page.locator('[data-line]').first()
        await expect
          .poll(async () => Math.abs(Number(await shown.getAttribute('data-line')) - 10_000_000 * part))
          .toBeLessThan(2_000)
      }
      await page.getByRole('group', { name: 'Log lines' }).focus()
      await page.keyboard.press('End')
      await page.locator('[data-line="10000000"]').waitFor()
      await page.keyboard.press('PageUp')
      await page.locator('[data-line="9999975"]').waitFor()
      await page.mouse.move(700, 600)
      const before = Number(await page.locator('[data-line]').first().getAttribute('data-line'))
      await page.mouse.wheel(0, -100)
      await expect
        .poll(async () => Number(await page.locator('[data-line]').first().getAttribute('data-line')))
        .toBe(before - 5)
    })
  })

  it('shows every change of five thousand tenants, and draws only those in sight', async () => {
    const run = liveRun(makeRun(5_000, [], 'middle'))
    run.write(5_050)
    await withFakeDashboard({ browser, engine: run.engine, hash: `${place}/tenants` }, async page => {
      await page.getByRole('grid', { name: '5000 tenants by state' }).waitFor()
      for (let round = 0; round < 40; round += 1) run.write(10)
      await page.getByRole('tab', { name: `Logs ${run.written()}` }).waitFor()
      expect(await page.getByRole('gridcell').count()).toBeLessThan(2_000)
    })
  })

  for (const theme of ['light', 'dark', 'contrast'] as const) {
    it(`has no violation of accessibility in any tab (${theme})`, { timeout: 900_000 }, async () => {
      const engine = engineOf(() => failing, {
        'preferences.read': { value: { ...defaultPreferences, theme } },
      })
      await withFakeDashboard({ browser, engine, hash: place }, async page => {
        for (const tab of tabs) {
          await page.getByRole('tab', { name: new RegExp(`^${tab}`, 'i') }).click()
          await page.getByRole('tabpanel', { name: new RegExp(tab, 'i') }).waitFor()
          if (tab === 'logs') await page.locator('[data-line="1"]').waitFor()
          await shoot(page, `${tab}-${theme}`)
          expect([tab, await findViolations(page)]).toEqual([tab, []])
        }
      })
    })
  }

  it('has its states: waiting, failed, read only, opened from a file, and with a damaged log', {
    timeout: 900_000,
  }, async () => {
    const view = viewOf(makeRun(10))
    const states: readonly (readonly [string, FakeAnswers, string])[] = [
      ['waiting', { 'run.read': 'never' }, 'Waiting for the run'],
      [
        'failed',
        { 'run.read': { failure: { kind: 'run_unknown', runId: 'x', known: [] } } },
        'Nothing about the run itself is changed by this.',
      ],
      [
        'read-only',
        {
          'session.read': { value: { ...sampleSession, readOnly: true } },
          'run.read': { value: viewOf(makeRun(10, [], 'middle')) },
        },
        'this dashboard is read-only',
      ],
      [
        'imported',
        { 'run.read': { value: { ...view, summary: { ...view.summary, isImported: true } } } },
        'opened from a file, read only',
      ],
      [
        'damaged',
        {
          'run.read': {
            value: { ...view, summary: { ...view.summary, damage: 'Line 72 does not follow from line 71.' } },
          },
        },
        'Line 72 does not follow from line 71.',
      ],
    ]
    for (const [name, answers, words] of states) {
      await withFakeDashboard(
        { browser, engine: engineOf(() => makeRun(10), answers), hash: place },
        async page => {
          await page.getByText(words, { exact: false }).first().waitFor({ state: 'attached' })
          await shoot(page, `state-${name}`)
          expect([name, await findViolations(page)]).toEqual([name, []])
          if (name === 'imported')
            expect(await page.getByRole('button', { name: /Pause|Abort|Roll back/ }).count()).toBe(0)
        },
      )
    }
  })

  for (const width of [320, 1920]) {
    it(`never scrolls the page sideways at ${width} pixels`, { timeout: 900_000 }, async () => {
      const context = { viewport: { width, height: 900 } }
      await withFakeDashboard(
        { browser, engine: engineOf(() => failed), hash: place, context },
        async page => {
          for (const tab of tabs) {
            await page.getByRole('tab', { name: new RegExp(`^${tab}`, 'i') }).click()
            await page.getByRole('tabpanel', { name: new RegExp(tab, 'i') }).waitFor()
            await shoot(page, `${tab}-${width}`)
            const over = await page.evaluate(() => {
              const main = document.querySelector('main')!
              return Math.max(
                main.scrollWidth - main.clientWidth,
                document.documentElement.scrollWidth - innerWidth,
              )
            })
            expect([tab, over]).toEqual([tab, 0])
          }
        },
      )
    })
  }
})

function focusedName(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null)
}
