import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { defaultPreferences, type Preferences } from '../../shared/api/preferences.ts'
import type { RunView } from '../../shared/api/run-view.ts'
import type { RollbackProposal, TenantRollback } from '../../shared/rollback.ts'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { measureOverflow } from '../support/dashboard/check-screen.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleRunView } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const shots = process.env.LOCKSTEP_TEST_SHOTS

const committed: RunView = {
  ...sampleRunView('0.1.0-migrated'),
  possible: [{ action: 'roll_back', level: 2, refusal: null }],
}
const { runId } = committed.summary
const point = { heads: ['0003'], fingerprint: 'f'.repeat(64) }
const downward: TenantRollback = {
  tenant: 'acorn',
  cluster: 'main',
  database: 'acorn',
  way: 'downgrade',
  from: point,
  to: { heads: ['0001'], fingerprint: 'a'.repeat(64) },
  evidence: ['going down on a copy returned the schema of before'],
  rowsLost: 0,
  losses: [],
  refusal: null,
}
const lossy: TenantRollback = {
  ...downward,
  tenant: 'birch',
  rowsLost: 12,
  losses: ['12 values of public.customers.locale'],
}
const proposal: RollbackProposal = {
  rollbackId: 'b'.repeat(64),
  runId,
  tenants: [downward, lossy],
  isLossless: false,
  refusal: null,
}

function createEngine(found: RollbackProposal, theme: Preferences['theme'] = 'light') {
  return createSampleEngine({
    'preferences.read': { value: { ...defaultPreferences, theme } },
    'run.read': { value: committed },
    'rollback.propose': { value: found },
    'rollback.start': { value: { runId: '01M82BQ88D8MGZ62A1HKJP13AN' } },
  })
}

async function shoot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

describe('the way back of a run', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('says first what would be lost, asks why it may, and starts only then', async () => {
    const engine = createEngine(proposal)
    await withFakeDashboard({ browser, engine, hash: `#/runs/${runId}` }, async page => {
      await page.getByRole('button', { name: 'Look into the way back' }).press('Enter')
      await page.getByText('can be rolled back, and loses data').waitFor()
      await page.getByText('12 values of public.customers.locale').first().waitFor()
      const rollBack = page.getByRole('button', { name: /^Roll back 2 tenants/ })
      await rollBack.press('Enter')
      expect(engine.asksFor('rollback.start')).toEqual([])
      expect(await page.getByRole('dialog').count()).toBe(0)
      await page.getByLabel(/^Why may that be lost/).fill('nobody used it yet')
      await rollBack.press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByText('birch loses: 12 values of public.customers.locale.').waitFor()
      await shoot(page, 'roll-back-dialog')
      expect(await findViolations(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Roll back 2 tenants' }).click()
      await expect.poll(() => page.url()).toContain('01M82BQ88D8MGZ62A1HKJP13AN')
      expect(engine.asksFor('rollback.start')).toEqual([
        {
          runId,
          rollbackId: proposal.rollbackId,
          confirmation: { kind: 'acknowledged' },
          acceptLoss: { reason: 'nobody used it yet' },
        },
      ])
    })
  })

  it('offers no button where there is no way, and says why', async () => {
    const none: TenantRollback = {
      ...downward,
      way: 'none',
      refusal: `7 rows were written since the snapshot of ${'a'.repeat(64)}, and nobody has accepted their loss`,
    }
    const refused = { ...proposal, tenants: [none], refusal: 'acorn has no way back' }
    const engine = createEngine(refused)
    await withFakeDashboard({ browser, engine, hash: `#/runs/${runId}` }, async page => {
      await page.getByRole('button', { name: 'Look into the way back' }).press('Enter')
      await page.getByText('cannot be rolled back', { exact: true }).waitFor()
      await page.getByText('7 rows were written since the snapshot').waitFor()
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await measureOverflow(page), `at ${width} px`).toBeLessThanOrEqual(0)
      }
      expect(await page.getByRole('button', { name: /^Roll back/ }).count()).toBe(0)
    })
  })

  for (const theme of ['light', 'dark', 'contrast'] as const)
    it(`has no violation of accessibility in the ${theme} theme`, async () => {
      const engine = createEngine(proposal, theme)
      await withFakeDashboard({ browser, engine, hash: `#/runs/${runId}` }, async page => {
        await page.locator(`html[data-theme="${theme}"]`).waitFor()
        await page.getByRole('button', { name: 'Look into the way back' }).click()
        await page.getByText('birch', { exact: true }).last().click()
        await page.getByText('can be rolled back, and loses data').waitFor()
        await shoot(page, `roll-back-${theme}`)
        expect(await findViolations(page)).toEqual([])
      })
    })
})
