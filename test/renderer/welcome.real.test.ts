import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { SessionView } from '../../shared/api/session-view.ts'
import { checkScreen } from '../support/dashboard/check-screen.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleSession } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const hash = '#/overview'
const none: SessionView = { ...sampleSession, project: null }
const failure = {
  kind: 'sandbox_failed',
  problem: 'There is no PostgreSQL for this machine.',
  fix: 'Install PostgreSQL 16 or newer.',
} as const

describe('the welcome', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('shows three steps and the sandbox where no project is open', async () => {
    await checkScreen({ browser, hash, answers: { 'session.read': { value: none } }, shows: 'Make a plan' })
  })

  it('starts the sandbox with one press, says each step, and is gone when it is open', async () => {
    let open = (_: SessionView): void => undefined
    const engine = createSampleEngine({
      'session.read': { value: none },
      'demo.open': {
        answer: () =>
          new Promise(resolve => {
            open = value => resolve({ ok: true, value })
          }),
      },
    })
    await withFakeDashboard({ browser, engine, hash }, async page => {
      await page.getByRole('button', { name: 'Start the sandbox' }).press('Enter')
      await page.getByText('Starting PostgreSQL on this machine').waitFor()
      engine.publish({ type: 'progress', task: 'demo', line: 'primary is ready' })
      const lines = ['primary is ready', 'standby-1 streams']
      engine.publish({ type: 'session.changed', session: { ...none, demo: { state: 'starting', lines } } })
      await page.getByText('standby-1 streams').waitFor()
      expect(await page.getByText('primary is ready').count()).toBe(1)
      open(sampleSession)
      engine.publish({ type: 'session.changed', session: sampleSession })
      await page.getByText('Waiting for approval:').waitFor()
      expect(engine.asksFor('demo.open')).toEqual([{}])
    })
  })

  it('says why the sandbox did not start and what to do, and offers it again', async () => {
    const answers = { 'session.read': { value: { ...none, demo: { state: 'failed', failure } } } } as const
    await checkScreen({ browser, hash, answers, shows: 'Install PostgreSQL 16 or newer.' })
    await withFakeDashboard({ browser, engine: createSampleEngine(answers), hash }, page =>
      page.getByRole('button', { name: 'Start the sandbox again' }).waitFor(),
    )
  })

  it('says where a project file is wrong, and refuses in a dashboard that only looks', async () => {
    const invalid = {
      kind: 'config_invalid',
      file: 'lockstep.yml',
      line: 4,
      column: 3,
      path: 'servers[0].rol',
      problem: 'there is no such key',
      nearest: 'role',
    } as const
    const session = { ...none, readOnly: true, failure: invalid }
    const answers = { 'session.read': { value: session } }
    await checkScreen({ browser, hash, answers, shows: 'Write role instead.' })
    const engine = createSampleEngine(answers)
    await withFakeDashboard({ browser, engine, hash }, async page => {
      await page.getByRole('heading', { name: 'The project could not be opened' }).waitFor()
      await page.getByRole('button', { name: /^Start the sandbox/ }).press('Enter')
      await page.getByRole('button', { name: /^Open a run from a file/ }).press('Enter')
      expect(engine.asksFor('demo.open')).toEqual([])
    })
  })

  it('opens a folder in place, and shows what is wrong with it there', async () => {
    const engine = createSampleEngine({
      'session.read': { value: none },
      'project.open': { failure: { kind: 'config_missing', searchedFrom: '/srv/empty' } },
    })
    await withFakeDashboard({ browser, engine, hash }, async page => {
      await page.getByLabel('Folder or project file').fill(' /srv/empty ')
      await page.keyboard.press('Enter')
      await page.getByText('There is no lockstep.yml.').waitFor()
      expect(engine.asksFor('project.open')).toEqual([{ path: '/srv/empty' }])
    })
  })
})
