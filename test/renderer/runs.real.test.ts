import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { RunComparison, RunSummary } from '../../shared/api/run-view.ts'
import { checkScreen } from '../support/dashboard/check-screen.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleRuns, sampleSession } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const hash = '#/runs'
const [migrated, rolledBack] = sampleRuns as readonly [RunSummary, RunSummary]
const outcomes = ['migrated', 'rolled_back', 'stopped_by_gate', 'needs_human'] as const
const thousand: readonly RunSummary[] = Array.from({ length: 1_000 }, (_, index) => ({
  runId: `01M${String(1_000 - index).padStart(7, '0')}ABCDEFGHJKMNPQRS`,
  project: index % 3 === 0 ? 'a_project_with_a_name_that_is_rather_long' : 'demo-shop',
  startedAt: migrated.startedAt,
  outcome: index === 0 ? null : (outcomes[index % 4] ?? null),
  exitCode: index === 0 ? null : 0,
  alive: index === 0,
  damage: index === 9 ? 'line 12: its hash does not follow from the line before it' : null,
  isImported: index % 10 === 5,
  durationMs: index === 0 ? null : index * 937,
}))
const comparison: RunComparison = {
  left: rolledBack,
  right: migrated,
  rows: [
    { topic: 'outcome', name: 'outcome', left: 'rolled back', right: 'migrated', equal: false },
    { topic: 'target', name: 'target', left: '0003', right: '0003', equal: true },
  ],
  tenants: Array.from({ length: 1_000 }, (_, index) => ({
    tenant: `tenant_${index}`,
    left: 'rolled back',
    right: index === 0 ? 'rolled back' : 'committed',
  })),
}

describe('the runs', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('are listed newest first, also a thousand of them, one of them at work', async () => {
    const answers = { 'run.list': { value: thousand } }
    await checkScreen({ browser, hash, answers, shows: 'log is damaged' })
    await withFakeDashboard({ browser, engine: createSampleEngine(answers), hash }, async page => {
      await page.getByRole('heading', { name: '1000 runs: 1 at work, 501 failed, 250 rolled back' }).waitFor()
      const grid = page.getByRole('grid', { name: 'Runs, newest first' })
      expect(await grid.getAttribute('aria-rowcount')).toBe('1001')
      expect(await grid.getByRole('row').count()).toBeLessThan(80)
      await grid.getByRole('row').nth(1).focus()
      await page.keyboard.press('End')
      await grid.getByRole('link', { name: '01M0000001' }).waitFor()
    })
  })

  it.each([
    ['loading', { 'run.list': 'never' }, 'Waiting for the list of runs'],
    ['empty', { 'run.list': { value: [] } }, 'A run begins with a plan'],
    [
      'failed',
      { 'run.list': { failure: { kind: 'engine_gone', during: 'run.list' } } },
      'only their list cannot be read',
    ],
    ['read only', { 'session.read': { value: { ...sampleSession, readOnly: true, project: null } } }, 'none'],
  ] as const)('look right when they are %s', async (_state, answers, shows) => {
    await checkScreen({ browser, hash, answers, shows: shows === 'none' ? 'rolled back' : shows })
  })

  it('are narrowed by chips that count, and by typing, with both in the address', async () => {
    const engine = createSampleEngine()
    await withFakeDashboard({ browser, engine, hash }, async page => {
      await page.getByRole('button', { name: 'Rolled back 1' }).click()
      await page.waitForURL(/#\/runs\?show=rolled_back$/)
      const kept = (): unknown => engine.asksFor('preferences.write').at(-1)
      expect(kept()).toMatchObject({ preferences: { filters: { 'demo-shop/runs': 'show=rolled_back' } } })
      await page.keyboard.press('/')
      await page.keyboard.type('nowhere')
      await page.waitForURL(/show=rolled_back&find=nowhere$/)
      await page.getByText('No run under Rolled back has "nowhere"').waitFor()
      await page.getByRole('button', { name: 'Show all 3 runs' }).click()
      await page.getByRole('row').nth(3).waitFor()
      expect(await page.getByLabel('Find in the runs').inputValue()).toBe('')
      expect(kept()).toMatchObject({ preferences: { filters: {} } })
      await page.waitForURL(/#\/runs$/)
    })
  })

  it('are opened by keys alone', async () => {
    await withFakeDashboard({ browser, engine: createSampleEngine(), hash }, async page => {
      await page.getByRole('grid').waitFor()
      await page.keyboard.press('j')
      await page.locator('[data-index="0"]:focus').waitFor()
      await page.keyboard.press('j')
      await page.locator('[data-index="1"]:focus').waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL(new RegExp(`#/runs/${rolledBack.runId}$`))
    })
  })

  it('are compared by two: selected by keys, the older on the left, differences first', async () => {
    const engine = createSampleEngine({ 'run.compare': { value: comparison } })
    await withFakeDashboard({ browser, engine, hash }, async page => {
      const compare = page.getByRole('button', { name: /^Compare 2 runs/ })
      await page.getByRole('grid').waitFor()
      await compare.press('Enter')
      expect(engine.asksFor('run.compare')).toEqual([])
      await page.locator('[data-index="0"]').focus()
      await page.keyboard.press(' ')
      await page.keyboard.press('ArrowDown')
      await page.locator('[data-index="1"]:focus').waitFor()
      await page.keyboard.press(' ')
      await compare.press('Enter')
      await page.getByRole('heading', { name: /differ in 1 point; 999 tenants ended differently/ }).waitFor()
      expect(engine.asksFor('run.compare')).toEqual([{ left: rolledBack.runId, right: migrated.runId }])
      expect(await page.getByText('0003').first().isVisible()).toBe(false)
      await page.getByText('1 point is equal').click()
      expect(await page.getByText('0003').first().isVisible()).toBe(true)
    })
    await checkScreen({
      browser,
      hash: '#/runs?left=a&right=b',
      answers: { 'run.compare': { value: comparison } },
      shows: 'tenant_1',
    })
  })

  it('say why a dropped file was refused, until it is put away', async () => {
    const failure = { kind: 'file_unreadable', file: 'notes.txt', problem: 'line 1 is no event.' } as const
    const engine = createSampleEngine({ 'run.import': { failure } })
    await withFakeDashboard({ browser, engine, hash: '#/overview' }, async page => {
      await page.getByText('Waiting for approval:').waitFor()
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File(['hello'], 'notes.txt'))
        window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }))
      })
      await page.getByText('notes.txt cannot be opened. line 1 is no event.').last().waitFor()
      expect(engine.asksFor('run.import')).toEqual([{ name: 'notes.txt', text: 'hello' }])
      await page.getByRole('button', { name: 'Put this message away' }).click()
      await page.waitForURL(/#\/runs$/)
    })
    await checkScreen({
      browser,
      hash: '#/runs?refused=notes.txt+cannot+be+opened.',
      shows: 'notes.txt cannot be opened.',
    })
  })
})
