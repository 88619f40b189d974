import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { defaultPreferences } from '../../shared/api/preferences.ts'
import { checkScreen } from '../support/dashboard/check-screen.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleSession } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')

describe('the settings', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it.each([
    ['#/settings', 'High contrast'],
    ['#/settings/keyboard', 'Every key'],
    ['#/settings/project', 'Roll a run back'],
    ['#/settings/about', 'ada, unauthenticated in local mode'],
  ])('look right at %s', async (hash, shows) => {
    await checkScreen({ browser, hash, shows })
  })

  it('ask for more where more can break, and can be read without a project', async () => {
    const environment = { name: 'acme-prod', protection: 'production', why: 'lockstep.yml says so' } as const
    const production = { ...sampleSession, project: { ...sampleSession.project!, environment } }
    await checkScreen({
      browser,
      hash: '#/settings/project',
      answers: { 'session.read': { value: production } },
      shows: 'a dialog in which acme-prod is typed exactly, and a reason',
    })
    await checkScreen({
      browser,
      hash: '#/settings/project',
      answers: { 'session.read': { value: { ...sampleSession, project: null, readOnly: true } } },
      shows: 'No project is open',
    })
  })

  it('apply at once and are kept, by keys alone', async () => {
    const engine = createSampleEngine()
    await withFakeDashboard({ browser, engine, hash: '#/settings' }, async page => {
      await page.getByRole('radio', { name: /^As the system/ }).focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.locator('html[data-theme="dark"]').waitFor()
      await page.getByRole('radio', { name: /^Comfortable/ }).focus()
      await page.keyboard.press('ArrowDown')
      await page.locator('html[data-density="compact"]').waitFor()
      expect(engine.asksFor('preferences.write').at(-1)).toEqual({
        preferences: { ...defaultPreferences, theme: 'dark', density: 'compact' },
      })
    })
  })

  it('turn single letters off, and keep the keys that are no letters', async () => {
    await withFakeDashboard(
      { browser, engine: createSampleEngine(), hash: '#/settings/keyboard' },
      async page => {
        await page.getByRole('checkbox', { name: 'Single letters are shortcuts' }).press(' ')
        await page.getByText('off', { exact: true }).first().waitFor()
        await page.getByRole('heading', { level: 1 }).focus()
        await page.keyboard.press('?')
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox').waitFor()
        expect(await page.getByRole('dialog').count()).toBe(1)
      },
    )
  })

  it('change their part by arrows, with the focus on the tab and the part in the address', async () => {
    await withFakeDashboard({ browser, engine: createSampleEngine(), hash: '#/settings' }, async page => {
      await page.getByRole('tab', { name: 'Appearance' }).focus()
      await page.keyboard.press('ArrowRight')
      await page.waitForURL(/#\/settings\/keyboard$/)
      await page.getByText('Every key').waitFor()
      expect(
        await page.getByRole('tab', { name: 'Keyboard' }).evaluate(tab => tab === document.activeElement),
      ).toBe(true)
      await page.goBack()
      await page.getByText('High contrast').waitFor()
    })
  })

  it('say when a change was not kept', async () => {
    const failure = { kind: 'log_unwritable', file: 'preferences.json', code: 'ENOSPC' } as const
    const engine = createSampleEngine({ 'preferences.write': { failure } })
    await withFakeDashboard({ browser, engine, hash: '#/settings' }, async page => {
      await page.getByRole('radio', { name: 'Dark', exact: true }).check()
      await page.getByText('it is gone after a reload').waitFor()
      engine.answers = { ...engine.answers, 'preferences.write': { value: defaultPreferences } }
      await page.getByRole('radio', { name: 'Light', exact: true }).check()
      await page.getByText('it is gone after a reload').waitFor({ state: 'detached' })
    })
  })

  it('forget hidden columns and kept filters', async () => {
    const preferences = {
      ...defaultPreferences,
      hiddenColumns: ['attempts', 'rows'],
      filters: { 'demo-shop/runs': 'failed' },
    }
    const engine = createSampleEngine({ 'preferences.read': { value: preferences } })
    await withFakeDashboard({ browser, engine, hash: '#/settings' }, async page => {
      await page.getByRole('button', { name: 'Show 2 hidden columns' }).press('Enter')
      await page.getByRole('button', { name: 'Forget 1 kept filter' }).press('Enter')
      await page.getByText('Every column is shown').waitFor()
      expect(engine.asksFor('preferences.write').at(-1)).toEqual({ preferences: defaultPreferences })
    })
  })
})
