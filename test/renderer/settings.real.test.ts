import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { defaultPreferences } from '../../shared/api/preferences.ts'
import { checkScreen } from '../support/dashboard/check-screen.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleSecrets, sampleSession } from '../support/dashboard/sample-views.ts'
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
    ['#/settings/passwords', 'A password is remembered.'],
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

  it('say why no password is remembered, and look right when it is not known, without a project and where they only look', async () => {
    const hash = '#/settings/passwords'
    const why = 'a browser session keeps no passwords: use ~/.pgpass, PGPASSFILE or PGPASSWORD'
    const failure = { kind: 'engine_gone', during: 'secret.state' } as const
    await checkScreen({
      browser,
      hash,
      answers: { 'secret.state': { value: { ...sampleSecrets, storage: 'unavailable', why } } },
      shows: 'A browser session keeps no passwords: use ~/.pgpass, PGPASSFILE or PGPASSWORD.',
    })
    await checkScreen({ browser, hash, answers: { 'secret.state': { failure } }, shows: 'engine_gone' })
    await checkScreen({
      browser,
      hash,
      answers: { 'session.read': { value: { ...sampleSession, readOnly: true } } },
      shows: 'A password is remembered.',
    })
    await checkScreen({
      browser,
      hash,
      answers: { 'session.read': { value: { ...sampleSession, project: null } } },
      shows: 'No project is open',
    })
  })

  it('remember a password that is pasted and forget another one, by keys alone, and keep none on the screen', async () => {
    const password = 'correct horse battery'
    let secrets = sampleSecrets
    const remember = (names: readonly string[]) => {
      const remembered = names.map(server => ({ server, user: null }))
      secrets = { ...secrets, remembered }
      return { ok: true, value: secrets } as const
    }
    const engine = createSampleEngine({
      'secret.state': { answer: () => ({ ok: true, value: secrets }) },
      'secret.write': { answer: () => remember(['primary', 'standby-1']) },
      'secret.forget': { answer: () => remember(['standby-1']) },
    })
    await withFakeDashboard({ browser, engine, hash: '#/settings/passwords' }, async page => {
      const field = page.getByLabel('Password of standby-1', { exact: true })
      expect(await field.getAttribute('type')).toBe('password')
      expect(await field.getAttribute('autocomplete')).toBe('off')
      await field.focus()
      await page.keyboard.insertText(password)
      await page.keyboard.press('Enter')
      const form = page.getByRole('form', { name: 'standby-1' })
      await form.getByText('A password is remembered.').waitFor()
      expect(await field.inputValue()).toBe('')
      expect(engine.asksFor('secret.write')).toEqual([{ server: 'standby-1', password }])
      await page.getByRole('button', { name: 'Forget the password of primary' }).press('Enter')
      await page.getByRole('form', { name: 'primary' }).getByText('No password is remembered.').waitFor()
      expect(engine.asksFor('secret.forget')).toEqual([{ server: 'primary' }])
      expect(await page.content()).not.toContain(password)
    })
  })

  it('send no password where they only look, and keep none that was refused', async () => {
    const hash = '#/settings/passwords'
    const readOnly = createSampleEngine({
      'session.read': { value: { ...sampleSession, readOnly: true } },
    })
    await withFakeDashboard({ browser, engine: readOnly, hash }, async page => {
      const button = page.getByRole('button', { name: 'Remember the password of primary' })
      expect(await button.getAttribute('title')).toBe(
        'This dashboard is read-only: it does not remember a password.',
      )
      await button.press('Enter')
      await page.getByRole('button', { name: 'Forget the password of primary' }).press('Enter')
      expect([...readOnly.asksFor('secret.write'), ...readOnly.asksFor('secret.forget')]).toEqual([])
    })
    const reason = 'The password manager of this machine did not take it.'
    const failure = { kind: 'not_possible', action: 'remember a password', reason } as const
    const refusing = createSampleEngine({ 'secret.write': { failure } })
    await withFakeDashboard({ browser, engine: refusing, hash }, async page => {
      const field = page.getByLabel('Password of primary', { exact: true })
      await field.fill('correct horse battery')
      await page.getByRole('button', { name: 'Remember the password of primary' }).click()
      await page.getByText(reason).first().waitFor()
      expect(await field.inputValue()).toBe('')
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
