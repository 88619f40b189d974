import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { defaultPreferences, type Preferences } from '../../shared/api/preferences.ts'
import type { RunView } from '../../shared/api/run-view.ts'
import type { RollbackProposal, TenantRollback } from '../../shared/run/rollback.ts'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { measureOverflow } from '../support/dashboard/check-screen.ts'
import { createLargeProposal, createLargeRunView } from '../support/dashboard/large-views.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { createSampleEngine, sampleRunView } from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const shots = process.env.LOCKSTEP_TEST_PICTURES

const committed: RunView = {
  ...sampleRunView('0.1.0-migrated'),
  possible: [{ action: 'roll_back', level: 2, refusal: null }],
}
const { runId } = committed.summary
const otherRunId = '01M82C0000000000000000BACK'
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
    'rollback.start': { value: { runId: otherRunId } },
  })
}

/** A rollback of the committed run that came to nothing: somebody was connected. */
function stoppedBySessions(): RunView {
  const view = sampleRunView('0.1.0-duplicate-rows')
  return {
    ...view,
    summary: { ...view.summary, runId: otherRunId, undoes: runId },
    state: {
      ...view.state,
      runId: otherRunId,
      intent: { verb: 'rollback', target: [], tenants: [], undoes: runId },
      failure: { kind: 'tenant_in_use', tenants: ['acorn'], sessions: ['acorn: 4711 shop'] },
    },
    links: [{ kind: 'rolls_back', runId }],
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

describe('the rollback of a run', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('says first what would be lost, asks why it may, and starts only then', async () => {
    const engine = createEngine(proposal)
    await withFakeDashboard({ browser, engine, hash: `#/runs/${runId}` }, async page => {
      await page.getByRole('button', { name: 'Propose a rollback' }).press('Enter')
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
      await expect.poll(() => page.url()).toContain(otherRunId)
      expect(engine.asksFor('rollback.start')).toEqual([
        {
          runId,
          rollbackId: proposal.rollbackId,
          confirmation: { kind: 'acknowledged' },
          acceptLoss: { reason: 'nobody used it yet' },
          disconnect: false,
        },
      ])
    })
  })

  it("offers to end others' sessions beside the failure that they cause, and does so only then", async () => {
    const copied: TenantRollback = { ...downward, tenant: 'birch', database: 'birch', way: 'snapshot' }
    const found = { ...proposal, tenants: [downward, copied], isLossless: true }
    const engine = createEngine(found)
    const failure = { kind: 'tenant_in_use', tenants: ['birch'], sessions: ['birch: 4711 shop'] } as const
    engine.answers = { ...engine.answers, 'rollback.start': { failure } }
    await withFakeDashboard({ browser, engine, hash: `#/runs/${runId}` }, async page => {
      const confirm = async (): Promise<void> => {
        await page.getByRole('button', { name: 'Roll back 2 tenants' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Roll back 2 tenants' }).click()
      }
      await page.getByRole('button', { name: 'Propose a rollback' }).click()
      await confirm()
      await page.getByRole('alert').getByText('Others are connected to birch.').waitFor()
      const box = page.getByRole('checkbox', { name: "End others' sessions in birch" })
      expect(await box.isChecked()).toBe(false)
      expect(await findViolations(page)).toEqual([])
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await measureOverflow(page), `at ${width} px`).toBeLessThanOrEqual(0)
      }
      await shoot(page, 'roll-back-in-use')
      engine.answers = { ...engine.answers, 'rollback.start': { value: { runId: otherRunId } } }
      await box.press('Space')
      await confirm()
      await expect.poll(() => page.url()).toContain(otherRunId)
      expect(engine.asksFor('rollback.start')).toMatchObject([{ disconnect: false }, { disconnect: true }])
    })
  })

  it('is looked into again on the page of a rollback that the sessions of others have stopped', async () => {
    const engine = createEngine({ ...proposal, tenants: [downward], isLossless: true })
    const stopped = stoppedBySessions()
    engine.answers = {
      ...engine.answers,
      'run.read': {
        answer: (input: { runId: string }) => ({
          ok: true,
          value: input.runId === runId ? committed : stopped,
        }),
      },
    }
    await withFakeDashboard({ browser, engine, hash: `#/runs/${otherRunId}` }, async page => {
      await page.getByRole('heading', { name: 'Roll back again' }).waitFor()
      await page.getByLabel('Only these tenants').fill('acorn')
      await page.getByRole('button', { name: 'Propose a rollback' }).click()
      await page.getByRole('button', { name: 'Roll back 1 tenant' }).waitFor()
      expect(engine.asksFor('rollback.propose')).toEqual([{ runId, tenants: ['acorn'] }])
      await shoot(page, 'roll-back-once-more')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('is read within bounds for 1000 tenants, at every width', async () => {
    const view = createLargeRunView(1_000, 64)
    const large = createLargeProposal(1_000)
    const engine = createEngine(large)
    engine.answers = { ...engine.answers, 'run.read': { value: view } }
    await withFakeDashboard({ browser, engine, hash: `#/runs/${large.runId}` }, async page => {
      await page.getByRole('button', { name: 'Propose a rollback' }).click()
      await page.getByText('490 more ways are not shown').waitFor()
      expect(await page.locator('main *').count()).toBeLessThan(800)
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await measureOverflow(page), `at ${width} px`).toBeLessThanOrEqual(0)
        expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900)
      }
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('offers no button where there is no way, and says why', async () => {
    const none: TenantRollback = {
      ...downward,
      way: 'none',
      refusal: `7 rows were written since the snapshot of ${'a'.repeat(64)}, and nobody has accepted their loss`,
    }
    const refused = { ...proposal, tenants: [none], refusal: 'acorn cannot be rolled back' }
    const engine = createEngine(refused)
    await withFakeDashboard({ browser, engine, hash: `#/runs/${runId}` }, async page => {
      await page.getByRole('button', { name: 'Propose a rollback' }).press('Enter')
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
        await page.getByRole('button', { name: 'Propose a rollback' }).click()
        await page.getByText('birch', { exact: true }).last().click()
        await page.getByText('can be rolled back, and loses data').waitFor()
        await shoot(page, `roll-back-${theme}`)
        expect(await findViolations(page)).toEqual([])
      })
    })
})
