import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import { lendHands } from '../support/dashboard/hands.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { openDashboard } from '../support/dashboard/open-dashboard.ts'
import { listLinkedFiles } from '../support/docs/find-links.ts'
import { readPages, repository } from '../support/docs/read-pages.ts'
import { needs } from '../support/needs.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'

const it = needs('chromium')
const idleDeadline = 120_000
const themes = ['light', 'dark'] as const

/** Pictures that a page of the documentation shows; they are made again with LOCKSTEP_WRITE_SCREENSHOTS=1. */
const pictures: ReadonlySet<string> = new Set(
  process.env.LOCKSTEP_WRITE_SCREENSHOTS === '1' ? readPages().flatMap(listLinkedFiles) : [],
)

let browser: Browser
let home: LockstepHome
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(() => {
  home = openLockstepHome()
})
afterEach(() => home.close())

/** Waits for what the screen says first. */
async function heading(page: Page, text: RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: idleDeadline })
}

describe.each([
  ['web', 'mouse'],
  ['desktop', 'keyboard'],
] as const)('the first start, on %s by %s', (transport, hand) => {
  it('leads from nothing to a finished migration of the sandbox', { timeout: 900_000 }, async () => {
    const dashboard = await openDashboard({ transport, browser, home, config: null })
    try {
      const { page } = dashboard
      const hands = lendHands(page, hand)
      const press = (name: string | RegExp) => hands.activate(page.getByRole('button', { name }).first())
      await heading(page, /^No project is open/)
      await press('Start the sandbox')
      await heading(page, /Waiting for approval: A plan for 6 tenants to 0004/)
      await hands.activate(page.getByRole('main').getByRole('link', { name: 'Open the plan' }).first())
      await heading(page, /^Migrate 6 tenants to 0004: waits for approval/)
      await press(/^Check gates/)
      await page
        .getByText(/gates? (passed|warned)/)
        .first()
        .waitFor({ timeout: idleDeadline })
      await press('Approve 1 migration for 6 tenants')
      await press('Apply 1 migration to 6 tenants')
      await heading(page, /^Migrated: 6 tenants to 0004; every tenant is there/)
      await hands.goTo('Overview')
      await heading(page, /Up to date/)
      expect(dashboard.faults).toEqual([])
    } finally {
      await dashboard.close()
    }
  })
})

interface Sight {
  readonly name: string
  readonly open: (page: Page) => Promise<void>
  /** Only what lies over a screen is closed: elsewhere Escape goes back, which takes its time and may overtake the next address. */
  readonly close?: (page: Page) => Promise<void>
}

const go =
  (hash: string, ready: (page: Page) => Promise<void>) =>
  async (page: Page): Promise<void> => {
    await page.evaluate(address => {
      location.hash = address
    }, hash)
    await ready(page)
    await page.locator('main').evaluate(main => main.scrollTo(0, 0))
  }
const shows = (text: RegExp) => (page: Page) =>
  page.getByText(text).first().waitFor({ timeout: idleDeadline })

const shortcuts = (page: Page): Locator => page.getByRole('dialog', { name: 'Keyboard shortcuts' })
const closes = (find: (page: Page) => Locator) => async (page: Page) => {
  await page.keyboard.press('Escape')
  await find(page).waitFor({ state: 'hidden' })
}

/** Every screen as the staged sandbox fills it: a finished run, a failed one that was rolled back, a plan that waits. */
const sights: readonly Sight[] = [
  { name: 'overview', open: go('#/overview', page => heading(page, /Waiting for approval/)) },
  { name: 'topology', open: go('#/topology', page => heading(page, /standbys follow/)) },
  { name: 'topology-table', open: go('#/topology?view=table', page => heading(page, /standbys follow/)) },
  { name: 'topology-revisions', open: go('#/topology/-/revisions', shows(/0004/)) },
  { name: 'plan', open: go('#/plan', page => heading(page, /waits for approval/)) },
  { name: 'plan-gates', open: go('#/plan/-/gates', shows(/Foreign keys hold/)) },
  { name: 'plan-tenants', open: go('#/plan/-/tenants', shows(/dogwood/)) },
  { name: 'plan-revisions', open: go('#/plan/-/revisions', shows(/0004/)) },
  {
    name: 'plan-rehearsal',
    open: async page => {
      await go('#/plan/-/rehearsal', shows(/ACCESS EXCLUSIVE/))(page)
      await page
        .getByRole('article')
        .first()
        .evaluate(element => element.scrollIntoView({ block: 'center' }))
    },
  },
  { name: 'plan-findings', open: go('#/plan/-/findings', shows(/finding|nothing/i)) },
  { name: 'plan-classes', open: go('#/plan/-/classes', shows(/has another schema than the others/)) },
  { name: 'plan-way-back', open: go('#/plan/-/rollback', shows(/going down loses/)) },
  { name: 'plan-runbook', open: go('#/plan/-/runbook', shows(/default protocol/)) },
  { name: 'runs', open: go('#/runs', shows(/rolled back/)) },
  { name: 'run', open: go('#/runs/last', page => heading(page, /^Rolled back: 6 tenants/)) },
  { name: 'run-gates', open: go('#/runs/last/gates', shows(/Foreign keys hold|foreign keys/)) },
  { name: 'run-tenants', open: go('#/runs/last/tenants', shows(/dogwood/)) },
  {
    name: 'run-logs',
    open: go('#/runs/last/logs?problems=3', async page => {
      await page.locator('[data-line][data-level="error"]').first().waitFor({ timeout: idleDeadline })
    }),
  },
  { name: 'run-evidence', open: go('#/runs/last/evidence', shows(/before/)) },
  {
    name: 'run-way-back',
    open: async page => {
      await go('#/runs', shows(/migrated/))(page)
      await page
        .getByRole('row', { name: /migrated/ })
        .getByRole('link')
        .first()
        .click()
      await heading(page, /^Migrated: 6 tenants to 0003/)
      const look = page.getByRole('button', { name: /^Propose (a rollback|again)/ })
      // What was found in the first theme is still known in the second.
      if ((await look.textContent())?.startsWith('Propose a')) await look.click()
      await page
        .getByText(/can be rolled back|cannot be rolled back/)
        .first()
        .waitFor({ timeout: idleDeadline })
      await look.scrollIntoViewIfNeeded()
    },
  },
  { name: 'settings', open: go('#/settings', shows(/Theme/)) },
  {
    name: 'palette',
    open: go('#/overview', async page => {
      await heading(page, /Waiting for approval/)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
    }),
    close: closes(page => page.getByRole('combobox')),
  },
  {
    name: 'shortcuts',
    open: go('#/overview', async page => {
      await heading(page, /Waiting for approval/)
      await page.keyboard.press('Shift+?')
      await shortcuts(page).waitFor()
    }),
    close: closes(shortcuts),
  },
]

/** What the page itself says is as a rule why something was waited for in vain. */
async function sayWhatIsShown(page: Page, name: string, error: unknown): Promise<never> {
  const shown = await page.locator('body').textContent({ timeout: 5_000 }).catch(String)
  throw new Error(`${name}: ${String(error)}\non ${page.url()}, which shows: ${shown?.slice(0, 2_000)}`)
}

describe('the staged sandbox', () => {
  it('fills every screen, in light and dark, without a violation of accessibility', {
    timeout: 600_000,
  }, async () => {
    const dashboard = await openDashboard({
      transport: 'web',
      browser,
      home,
      config: null,
      demo: true,
    })
    try {
      const { page } = dashboard
      await heading(page, /Waiting for approval/)
      await page.getByRole('link', { name: 'Open the plan' }).first().click()
      await page.getByRole('button', { name: /^Check gates/ }).click()
      await page.getByRole('button', { name: 'Check gates again' }).waitFor({ timeout: idleDeadline })
      const violations: string[] = []
      for (const theme of themes) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        for (const { name, open, close } of sights) {
          await open(page).catch(error => sayWhatIsShown(page, name, error))
          violations.push(...(await findViolations(page)).map(text => `${name}, ${theme}: ${text}`))
          const picture = `docs/screenshots/${name}-${theme}.png`
          if (pictures.has(picture)) await page.screenshot({ path: join(repository, picture) })
          await close?.(page)
        }
      }
      expect(violations).toEqual([])
      expect(dashboard.faults).toEqual([])
    } finally {
      await dashboard.close()
    }
  })
})
