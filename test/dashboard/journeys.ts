import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type Hand, type Hands, lendHands } from '../support/dashboard/hands.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { type OpenedDashboard, openDashboard, type Transport } from '../support/dashboard/open-dashboard.ts'
import {
  duplicateEmail,
  type EngineFixture,
  openEngineFixture,
  type Settings,
} from '../support/engine-fixture.ts'
import { needs } from '../support/needs.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'
import { writeLargeRun } from './write-large-run.ts'

const it = needs('chromium')
const idleDeadline = 60_000

/** A migration that waits in a tenant for as long as somebody holds it there: a person has all the time they need. */
const waiting = {
  '0002_email.up.sql':
    'select pg_advisory_xact_lock_shared(4711);\nalter table users add constraint users_email_key unique (email);',
}

/** Holds the migration in one tenant, until the returned function is called. */
async function hold(tenant: string): Promise<() => Promise<void>> {
  const client = await hooks.fixture!.sandbox.connect(tenant)
  await client.query('select pg_advisory_lock(4711)')
  return () => client.end()
}

/** The migration has come to where it is held: a pause would take effect before it otherwise. */
function untilSomebodyWaits(): Promise<void> {
  const waiters = "select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted"
  return waitUntil(
    async () => (await hooks.fixture!.sandbox.query(waiters)).length > 0,
    'the migration to wait',
    60,
  )
}

const hooks = {
  fixture: null as EngineFixture | null,
  home: null as LockstepHome | null,
  browser: null as Browser | null,
}

/** Everything a person comes to the dashboard for, on one transport, once with the mouse and once with the keyboard alone. */
export function describeJourneys(transport: Transport): void {
  beforeAll(async () => {
    hooks.fixture = await openEngineFixture({ sandbox: { standbys: 1 } })
    hooks.browser = await openBrowser()
  })
  afterAll(async () => {
    await hooks.browser?.close()
    await hooks.fixture?.close()
  })
  beforeEach(async () => {
    hooks.home = openLockstepHome()
    await hooks.fixture!.reset()
  })
  afterEach(async () => {
    await hooks.home?.close()
  })
  for (const hand of ['mouse', 'keyboard'] as const) {
    describe(`by ${hand}, ${transport === 'web' ? 'in a browser over loopback' : 'in the desktop app'}`, () => {
      describeDecisions(transport, hand)
      describeRuns(transport, hand)
      // The rollback is the engine's, whatever carries it.
      if (transport === 'web') describeWayBack(transport, hand)
      describePast(transport, hand)
    })
  }
}

function describeDecisions(transport: Transport, hand: Hand): void {
  it('a plan is made, rehearsed, looked at, approved and applied, and every tenant is there', async () => {
    await onDashboard({ transport, hand }, async ({ page, hands }) => {
      await makePlan(page, hands)
      await rehearse(page, hands)
      await approveMade(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await heading(page, /^Migrated: 3 tenants to 0002; every tenant is there/)
      expect(await headsOfAll()).toEqual(['0002', '0002', '0002'])
      await hands.goTo('Overview')
      await heading(page, /Up to date/)
    })
  })

  it('a plan that nobody has rehearsed says so, and never looks like one that passed', async () => {
    await onDashboard({ transport, hand }, async ({ page, hands }) => {
      await makePlan(page, hands)
      await hands.activate(page.getByRole('tab', { name: /^Rehearsal/ }))
      await page
        .getByText(/not yet judged/)
        .first()
        .waitFor()
    })
  })

  it('a gate that says no is found from the overview in two steps', async () => {
    const settings = { gates: { isolation_level: { allow: ['serializable'] } } }
    await onDashboard({ transport, hand, settings }, async ({ page, hands }) => {
      await makePlan(page, hands)
      await hands.activate(button(page, 'Check gates'))
      await page.getByText(/would stop a run/).waitFor({ timeout: idleDeadline })
      await hands.goTo('Overview')
      await heading(page, /Blocked.*isolation_level/)
      await hands.activate(page.getByRole('main').getByRole('link', { name: 'Open the plan' }).first())
      await hands.activate(page.getByRole('link', { name: 'Sessions are what a migration needs' }).first())
      await page
        .getByText(/read committed/)
        .first()
        .waitFor()
    })
  })

  it('a fleet that moved after the approval voids it, and the screen says what moved', async () => {
    await onDashboard({ transport, hand }, async ({ page, hands }) => {
      await approve(page, hands)
      await hooks.fixture!.sandbox.query('create table surprise ()', 'cedar')
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await page
        .getByText(/the schema of tenant cedar changed/)
        .first()
        .waitFor({ timeout: idleDeadline })
      expect(await headsOfAll()).toEqual(['0001', '0001', '0001'])
      await hands.goTo('Plan')
      await heading(page, /No plan waits|void/)
    })
  })

  it('production asks for its name and a reason, and refuses without', async () => {
    const settings = { environment: { name: 'acme-prod', protection: 'production' } }
    await onDashboard({ transport, hand, settings }, async ({ page, hands }) => {
      await makePlan(page, hands)
      await hands.activate(button(page, 'Approve 1 migration for 3 tenants'))
      await hands.activate(page.getByRole('dialog').getByRole('button', { name: /^Approve/ }))
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      const dialog = page.getByRole('dialog')
      const confirm = dialog.getByRole('button', { name: /^Apply/ })
      await confirm.waitFor()
      expect(await confirm.getAttribute('aria-disabled')).toBe('true')
      await hands.write(dialog.getByLabel('Name of the environment'), 'acme-prod')
      await hands.write(dialog.getByLabel('Reason'), 'release 41')
      await hands.activate(confirm)
      await heading(page, /^Migrated: 3 tenants/)
    })
  })
}

function describeRuns(transport: Transport, hand: Hand): void {
  it('a tenant that votes no rolls every tenant back, watched live, with the proof shown', async () => {
    await onDashboard({ transport, hand }, async ({ page, hands }) => {
      await hooks.fixture!.sandbox.query(duplicateEmail, 'cedar')
      const before = await hooks.fixture!.read()
      await approve(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await heading(page, /^Rolled back: 3 tenants proven to be as before/)
      await hands.activate(page.getByRole('tab', { name: /^Tenants/ }))
      await page
        .getByText(/duplicate|unique/i)
        .first()
        .waitFor()
      await hands.activate(page.getByRole('tab', { name: /^Evidence/ }))
      await page
        .getByText(/before/)
        .first()
        .waitFor()
      expect(await hooks.fixture!.read()).toEqual(before)
    })
  })

  it('a run pauses where nothing is prepared, goes on, and comes to its end', async () => {
    const settings = { vote: 'group' }
    await onDashboard({ transport, hand, settings, migrations: waiting }, async ({ page, hands }) => {
      const release = await hold('acorn')
      await approve(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await untilSomebodyWaits()
      await hands.activate(button(page, 'Pause the run'))
      await button(page, 'Resume the run').waitFor()
      await release()
      await page
        .getByText(/paused before group rest/i)
        .first()
        .waitFor({ timeout: idleDeadline })
      expect(await hooks.fixture!.prepared()).toEqual([])
      await hands.activate(button(page, 'Resume the run'))
      await heading(page, /^Migrated: 3 tenants/)
    })
  })

  it('a run that is aborted undoes what it had begun, and proves it', async () => {
    await onDashboard({ transport, hand, migrations: waiting }, async ({ page, hands }) => {
      const before = await hooks.fixture!.read()
      const release = await hold('acorn')
      await approve(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await hands.activate(button(page, 'Abort the run over 3 tenants'))
      await hands.activate(page.getByRole('dialog').getByRole('button', { name: /^Abort/ }))
      await heading(page, /^Interrupted: /)
      await release()
      expect(await hooks.fixture!.prepared()).toEqual([])
      expect(await hooks.fixture!.read()).toEqual(before)
    })
  })

  it('a window that is closed and opened again during a run shows every line once', async () => {
    await onDashboard({ transport, hand, migrations: waiting }, async opened => {
      const { page, hands } = opened
      const release = await hold('acorn')
      await approve(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await button(page, 'Pause the run').waitFor({ timeout: idleDeadline })
      const again = await opened.dashboard.reopen()
      await button(again, 'Pause the run').waitFor({ timeout: idleDeadline })
      await release()
      await heading(again, /^Migrated: 3 tenants/)
      const hand2 = lendHands(again, hand)
      await hand2.activate(again.getByRole('tab', { name: /^Logs/ }))
      const stored = lastLogLines()
      await again.getByRole('tab', { name: `Logs ${stored}` }).waitFor({ timeout: idleDeadline })
      await again.locator('[data-line="1"]').waitFor()
      const numbers = await again
        .locator('[data-line]')
        .evaluateAll(rows => rows.map(row => Number(row.getAttribute('data-line'))))
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    })
  })

  it('an engine that is killed during a run is noticed, and the run is recovered', async () => {
    await onDashboard({ transport, hand, migrations: waiting }, async ({ page, hands, dashboard }) => {
      const before = await hooks.fixture!.read()
      const release = await hold('cedar')
      await approve(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await button(page, 'Pause the run').waitFor({ timeout: idleDeadline })
      // The first group has voted: its transaction is prepared when the engine goes.
      await waitUntil(async () => (await hooks.fixture!.prepared()).length > 0, 'a tenant to be prepared', 60)
      await dashboard.killEngine()
      await release()
      await hands.activate(button(page, /^Recover the run/))
      await heading(page, /^Rolled back: |^Interrupted: |as before/)
      expect(await hooks.fixture!.prepared()).toEqual([])
      expect(await hooks.fixture!.read()).toEqual(before)
    })
  })
}

/** A column that somebody fills once it is there: to go back is to lose that. */
const reversible = {
  '0002_email.up.sql': 'alter table users add column phone text',
  '0002_email.down.sql': 'alter table users drop column phone',
}

function describeWayBack(transport: Transport, hand: Hand): void {
  it('a committed run is rolled back, its consequence stated first, proven and linked both ways', async () => {
    await onDashboard({ transport, hand, migrations: reversible }, async ({ page, hands }) => {
      const before = await hooks.fixture!.read()
      await approve(page, hands)
      await hands.activate(button(page, 'Apply 1 migration to 3 tenants'))
      await heading(page, /^Migrated: 3 tenants to 0002/)
      const undone = readRunId(page)
      await hooks.fixture!.sandbox.query("update users set phone = '+31 20' where id = 1", 'birch')
      await hands.activate(button(page, 'Propose a rollback'))
      await page.getByText('can be rolled back, and loses data').waitFor({ timeout: idleDeadline })
      await page
        .getByText(/1 value of .*users\.phone/)
        .first()
        .waitFor()
      await hands.write(page.getByLabel(/^Why may that be lost/), 'nobody has used it yet')
      await hands.activate(button(page, 'Roll back 3 tenants'))
      const dialog = page.getByRole('dialog')
      await dialog.getByText(/^birch loses: 1 value of/).waitFor()
      expect(await headsOfAll()).toEqual(['0002', '0002', '0002'])
      await hands.activate(dialog.getByRole('button', { name: 'Roll back 3 tenants' }))
      await heading(page, new RegExp(`^Rolled back run ${undone}: 3 tenants proven to be as before it`))
      expect(await hooks.fixture!.read()).toEqual(before)
      const rollback = readRunId(page)
      await hands.activate(
        page
          .getByRole('main')
          .getByRole('link', { name: `run ${undone}` })
          .first(),
      )
      await heading(page, /^Migrated: 3 tenants to 0002/)
      await hands.activate(
        page
          .getByRole('main')
          .getByRole('link', { name: `run ${rollback}` })
          .first(),
      )
      await heading(page, /^Rolled back run/)
      await hands.goTo('Runs')
      await page
        .getByRole('row', { name: new RegExp(`rolled back.*undoes ${undone.slice(0, 10)}`) })
        .waitFor()
    })
  })
}

/** The run that the address names. */
function readRunId(page: Page): string {
  return /#\/runs\/(\w{26})/.exec(page.url())?.[1] ?? ''
}

function describePast(transport: Transport, hand: Hand): void {
  it('a run from a file is opened, to be read and nothing else', async () => {
    const file = fileURLToPath(new URL('../fixtures/runs/0.1.0-duplicate-rows.jsonl', import.meta.url))
    await onDashboard({ transport, hand }, async ({ page, hands }) => {
      await hands.goTo('Runs')
      await openFile(page, hands, file)
      await heading(page, /^Rolled back: /)
      await page.getByText('opened from a file, read only').waitFor()
      expect(await button(page, /^(Pause|Resume|Abort|Recover) the run/).count()).toBe(0)
      await hands.activate(page.getByRole('tab', { name: /^Logs/ }))
      await hands.activate(button(page, /first failure/i))
      await page.locator('[data-line][data-level="error"]').first().waitFor()
    })
  })

  it('a run over 1,000 tenants leads to the one that failed, and to its line', async () => {
    const file = writeLargeRun(hooks.home!.folder, 1_000, 737)
    await onDashboard({ transport, hand }, async ({ page, hands }) => {
      await hands.goTo('Runs')
      await openFile(page, hands, file)
      await hands.activate(page.getByRole('tab', { name: /^Tenants 1,?000/ }))
      await page.getByRole('row', { name: /^tenant-0737 failed/ }).waitFor()
      await hands.activate(page.getByRole('tab', { name: /^Logs/ }))
      await hands.activate(button(page, /first failure/i))
      await page.locator('[data-line][data-level="error"]', { hasText: 'tenant-0737' }).first().waitFor()
    })
  })
}

interface Journey {
  readonly page: Page
  readonly hands: Hands
  readonly dashboard: OpenedDashboard
}

interface JourneyOptions {
  readonly transport: Transport
  readonly hand: Hand
  readonly settings?: Settings
  readonly migrations?: Readonly<Record<string, string>>
}

/** Opens the project of the fixture, lends page and hands, and ends everything; a fault on the page fails the journey. */
async function onDashboard(
  options: JourneyOptions,
  walk: (journey: Journey) => Promise<void>,
): Promise<void> {
  const { transport, hand, settings = {}, migrations = {} } = options
  const { fixture, home, browser } = hooks
  if (!fixture || !home || !browser) throw new Error('nothing was prepared')
  fixture.writeProject({ ...settings, execution: { settleSeconds: 20, lockTimeoutSeconds: 120 } })
  fixture.addMigrations(migrations)
  const dashboard = await openDashboard({ transport, browser, home, config: fixture.file })
  try {
    const { page } = dashboard
    page.setDefaultTimeout(20_000)
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await heading(page, /behind 0002/)
    await walk({ page, hands: lendHands(page, hand), dashboard })
    expect(dashboard.faults).toEqual([])
  } catch (error) {
    throw await describeFault(dashboard, error)
  } finally {
    await dashboard.close()
  }
}

async function makePlan(page: Page, hands: Hands): Promise<void> {
  await hands.goTo('Plan')
  await hands.activate(button(page, 'Make a plan'))
  await heading(page, /^Migrate 3 tenants to 0002: waits for approval/)
}

/** Sees what the plan locks, and where it has to end, before the decision. */
async function rehearse(page: Page, hands: Hands): Promise<void> {
  await hands.activate(page.getByRole('tab', { name: /^Rehearsal/ }))
  await hands.activate(button(page, 'Rehearse the plan'))
  await page.getByText('ran on the copy').first().waitFor({ timeout: idleDeadline })
  await page.getByText('ACCESS EXCLUSIVE').first().waitFor()
  await page.getByText(/The real run has to end in/).waitFor()
  await hands.activate(page.getByRole('tab', { name: /^Runbook/ }))
  await page.getByRole('region', { name: 'Approval' }).waitFor()
}

/** From nothing to an approved plan, with every gate judged on the way. */
async function approve(page: Page, hands: Hands): Promise<void> {
  await makePlan(page, hands)
  await approveMade(page, hands)
}

async function approveMade(page: Page, hands: Hands): Promise<void> {
  await hands.activate(button(page, 'Check gates'))
  await page.getByRole('button', { name: 'Check gates again' }).waitFor({ timeout: idleDeadline })
  await hands.activate(button(page, 'Approve 1 migration for 3 tenants'))
  await heading(page, /^Migrate 3 tenants to 0002: approved/)
}

async function openFile(page: Page, hands: Hands, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await hands.activate(button(page, 'Open a run from a file'))
  await (await chooser).setFiles(file)
}

function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first()
}

/** Waits for what the screen says first. */
async function heading(page: Page, text: RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: idleDeadline })
}

async function headsOfAll(): Promise<readonly string[]> {
  return Object.values(await hooks.fixture!.read()).flatMap(reading => reading.heads)
}

/** How many events the only stored run has. */
function lastLogLines(): number {
  const runs = join(hooks.home!.stateFolder, 'runs')
  const [run = ''] = readdirSync(runs)
  return readFileSync(join(runs, run, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n').length
}

/** What was on the screen when a journey failed: an address and words say more than a missing element. */
async function describeFault({ page, faults }: OpenedDashboard, error: unknown): Promise<Error> {
  const shown = await page
    .locator('body')
    // biome-ignore lint/performance/useDomNodeTextContent: what is shown is asked, not what is hidden.
    .innerText({ timeout: 2_000 })
    .catch(() => 'nothing that can be read')
  const folder = process.env.LOCKSTEP_TEST_PICTURES
  if (folder)
    await page.screenshot({ path: join(folder, `journey-${Date.now()}.png`) }).catch(() => undefined)
  const message = [String(error), `at ${page.url()}`, ...faults, shown.replace(/\n+/g, ' | ').slice(0, 3_000)]
  return new Error(message.join('\n'), { cause: error })
}
