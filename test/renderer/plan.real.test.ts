import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { PlanView } from '../../shared/api/plan-view.ts'
import { defaultPreferences, type Preferences } from '../../shared/api/preferences.ts'
import type { SessionView } from '../../shared/api/session-view.ts'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import type { FakeAnswers, FakeEngine } from '../support/dashboard/fake-engine.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import { sampleAnalysis } from '../support/dashboard/sample-analysis.ts'
import {
  approveSample,
  createBigPlan,
  sampleIndependentPlan,
  sampleStoppingGates,
} from '../support/dashboard/sample-plans.ts'
import {
  createSampleEngine,
  samplePlan,
  samplePlanView,
  sampleSession,
} from '../support/dashboard/sample-views.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const { planId } = samplePlan
const folder = process.env.LOCKSTEP_TEST_PICTURES

async function shoot(page: Page, name: string): Promise<void> {
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** A plan that changes as a person decides, as the engine's own plans do. */
function createPlanEngine(start: PlanView, answers: FakeAnswers = {}): FakeEngine {
  let view = start
  return createSampleEngine({
    'plan.read': { answer: () => ({ ok: true, value: view }) },
    'plan.check': {
      answer: () => {
        view = {
          ...view,
          gates: view.gates.length > 0 ? view.gates : samplePlanView.gates,
          gatesCheckedAt: new Date().toISOString(),
          moved: [],
        }
        return { ok: true, value: view }
      },
    },
    'plan.approve': {
      answer: () => {
        view = approveSample(view)
        return { ok: true, value: view }
      },
    },
    'plan.reject': {
      answer: ({ comment }: { comment: string }) => {
        const decision = {
          decision: 'rejected' as const,
          by: 'ada',
          at: view.record.madeAt,
          comment,
          gates: [],
        }
        view = { ...view, record: { ...view.record, state: 'rejected', decision }, possible: [] }
        return { ok: true, value: view }
      },
    },
    'run.start': { value: { runId: '01M82BQ88D8MGZ62A1HKJP13AN' } },
    ...answers,
  })
}

const unchecked: PlanView = { ...samplePlanView, gates: [], gatesCheckedAt: null, moved: null }

function inPlace(protection: 'local' | 'shared' | 'production', readOnly = false): SessionView {
  const name = protection === 'production' ? 'acme-prod' : `acme-${protection}`
  return {
    ...sampleSession,
    readOnly,
    project: {
      ...sampleSession.project!,
      environment: { name, protection, why: 'lockstep.yml says so' },
    },
  }
}

function withLevels(view: PlanView, approve: 1 | 2, apply: 1 | 2 | 3): PlanView {
  const levels = { approve, apply } as Readonly<Record<string, 1 | 2 | 3>>
  return { ...view, possible: view.possible.map(one => ({ ...one, level: levels[one.action] ?? 1 })) }
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const waitForTitle = (page: Page, text: string) =>
  page.getByRole('heading', { level: 1, name: text }).waitFor()

describe('the Plan screen', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('leads by mouse from no plan over its gates and its approval to a run', async () => {
    const engine = createPlanEngine(unchecked)
    const read = engine.answers['plan.read']!
    engine.answers = { ...engine.answers, 'plan.read': { failure: { kind: 'plan_unknown', planId: 'last' } } }
    engine.answers = {
      ...engine.answers,
      'plan.make': {
        answer: async () => {
          engine.publish({ type: 'progress', task: 'plan', line: 'Reading servers, revisions and tenants' })
          engine.answers = { ...engine.answers, 'plan.read': read }
          return { ok: true, value: unchecked }
        },
      },
    }
    await withFakeDashboard({ browser, engine, hash: '#/plan' }, async page => {
      await waitForTitle(page, 'No plan waits: make one')
      await shoot(page, 'make')
      await page.getByLabel('Tenants', { exact: true }).fill('acme* birch')
      await page.getByRole('button', { name: 'Make a plan' }).click()
      await waitForTitle(page, 'Migrate 6 tenants to 0003: waits for approval')
      expect(engine.asksFor('plan.make')).toEqual([{ target: [], tenants: ['acme*', 'birch'] }])
      expect(page.url()).toContain(`#/plan/${planId}`)
      await shoot(page, 'unchecked')
      await page.getByRole('button', { name: 'Check gates' }).click()
      await page.getByRole('button', { name: 'Check gates again' }).waitFor()
      await page.getByLabel(/^Comment/).fill('Looked at every statement.')
      await shoot(page, 'checked')
      await page.getByRole('button', { name: 'Approve 2 migrations for 6 tenants' }).click()
      await waitForTitle(page, 'Migrate 6 tenants to 0003: approved, not applied yet')
      expect(engine.asksFor('plan.approve')).toEqual([
        { planId, comment: 'Looked at every statement.', confirmation: null },
      ])
      expect(await heading(page).evaluate(one => one === document.activeElement)).toBe(true)
      await shoot(page, 'approved')
      await page.getByRole('button', { name: 'Apply 2 migrations to 6 tenants' }).click()
      await page.waitForURL(/#\/runs\/01M82BQ88D8MGZ62A1HKJP13AN/)
      expect(engine.asksFor('run.start')).toEqual([{ planId, confirmation: null }])
    })
  })

  it('leads to a run by keyboard alone, and no single key does it', async () => {
    const engine = createPlanEngine(unchecked, { 'session.read': { value: inPlace('shared') } })
    const start: PlanView = withLevels(unchecked, 1, 2)
    engine.answers = { ...createPlanEngine(start).answers, 'session.read': { value: inPlace('shared') } }
    await withFakeDashboard({ browser, engine, hash: '#/overview' }, async page => {
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('g')
      await page.keyboard.press('p')
      await waitForTitle(page, 'Migrate 6 tenants to 0003: waits for approval')
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
      await page.keyboard.press('.')
      expect(await focused()).toBe('Check gates')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Check gates again' }).waitFor()
      await page.keyboard.press('.')
      expect(await focused()).toBe('Approve 2 migrations for 6 tenants')
      for (const key of 'abcdefhijklmnoqsuvwxyz0123456789.,') await page.keyboard.press(key)
      expect(engine.asksFor('plan.approve')).toEqual([])
      await page.keyboard.press('.')
      await page.keyboard.press('Enter')
      await waitForTitle(page, 'Migrate 6 tenants to 0003: approved, not applied yet')
      await page.keyboard.press('.')
      expect(await focused()).toBe('Apply 2 migrations to 6 tenants')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      expect(await focused()).toBe('Cancel')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await focused()).toBe('Apply 2 migrations to 6 tenants')
      expect(engine.asksFor('run.start')).toEqual([])
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForURL(/#\/runs\//)
      expect(engine.asksFor('run.start')).toEqual([{ planId, confirmation: { kind: 'acknowledged' } }])
    })
  })

  it('opens the card of the first gate that stands in the way, with the reason', async () => {
    const stopped = { ...samplePlanView, gates: sampleStoppingGates() }
    const engine = createPlanEngine(stopped)
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await page.getByRole('button', { name: 'Check gates again' }).click()
      await page.waitForURL(/\/gates\?gate=replica_lag/)
      const card = page.getByRole('article')
      await card.getByText('did not answer within 5 s').waitFor()
      expect(await card.getByText('could not be judged', { exact: true }).count()).toBe(1)
      await page.getByRole('button', { name: /foreign keys/ }).click()
      await card.getByText('orders.customer_id -> customers: 2 rows without a parent').waitFor()
      expect(await page.getByText('2 gates would stop a run before anything is changed:').count()).toBe(1)
      expect(page.url()).toContain('gate=foreign_keys')
      await shoot(page, 'gates')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('says what moved when an approved plan turns out to be void, and leads to a new one', async () => {
    const moved = ['tenant cedar moved from 0002 to 0003', 'revision 0003 was edited']
    const engine = createPlanEngine(approveSample(), {
      'run.start': { failure: { kind: 'plan_void', approved: planId, actual: 'f'.repeat(64), moved } },
    })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await page.getByRole('button', { name: 'Apply 2 migrations to 6 tenants' }).click()
      await page.getByRole('heading', { name: 'The approval is void: something moved' }).waitFor()
      for (const what of moved) expect(await page.getByText(what, { exact: true }).count()).toBe(1)
      expect(await page.getByRole('button', { name: 'Apply 2 migrations to 6 tenants' }).count()).toBe(0)
      await shoot(page, 'void')
      await page.getByRole('button', { name: 'Make a new plan' }).click()
      await waitForTitle(page, 'Make a plan')
      expect(page.url()).toContain('#/plan/-/new')
    })
  })

  it('rejects only with a reason, and shows it afterwards', async () => {
    const engine = createPlanEngine(samplePlanView)
    await withFakeDashboard({ browser, engine, hash: '#/plan' }, async page => {
      await page.getByRole('button', { name: 'Reject this plan' }).click()
      await page.getByText(/Say in the comment why/).waitFor()
      expect(engine.asksFor('plan.reject')).toEqual([])
      await page.keyboard.type('Not in the week of the sale.')
      await page.getByRole('button', { name: 'Reject this plan' }).click()
      await waitForTitle(page, 'Migrate 6 tenants to 0003: rejected')
      expect(await page.getByText('Not in the week of the sale.').count()).toBe(1)
      expect(page.url()).toContain(planId)
    })
  })

  it('asks in production for the name and a reason, which may be pasted, and shows what the engine refuses', async () => {
    const view = withLevels(approveSample(), 2, 3)
    const engine = createPlanEngine(view, {
      'session.read': { value: inPlace('production') },
      'run.start': {
        failure: { kind: 'confirmation_missing', action: 'apply', level: 3, environment: 'acme-prod' },
      },
    })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await page.getByRole('button', { name: 'Apply 2 migrations to 6 tenants' }).click()
      const dialog = page.getByRole('dialog')
      const confirm = dialog.getByRole('button', { name: /^Apply 2 migrations/ })
      const name = dialog.getByLabel('Name of the environment')
      expect(await name.evaluate(one => one === document.activeElement)).toBe(true)
      expect(await confirm.getAttribute('aria-disabled')).toBe('true')
      await confirm.click({ force: true })
      expect(engine.asksFor('run.start')).toEqual([])
      await name.focus()
      await page.keyboard.insertText('acme-prod')
      await dialog.getByLabel('Reason').fill('Release 42')
      expect(await confirm.getAttribute('aria-disabled')).toBeNull()
      await shoot(page, 'production')
      expect(await findViolations(page)).toEqual([])
      await confirm.click()
      await dialog.getByText('To apply has to be confirmed.').waitFor()
      expect(engine.asksFor('run.start')).toEqual([
        { planId, confirmation: { kind: 'named', environment: 'acme-prod', reason: 'Release 42' } },
      ])
    })
  })

  it('asks once more before approving in production, with the focus on Cancel', async () => {
    const view = withLevels(samplePlanView, 2, 3)
    const engine = createPlanEngine(view, { 'session.read': { value: inPlace('production') } })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await page.getByRole('button', { name: 'Approve 2 migrations for 6 tenants' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
      expect(engine.asksFor('plan.approve')).toEqual([])
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Approve/ })
        .click()
      await waitForTitle(page, 'Migrate 6 tenants to 0003: approved, not applied yet')
    })
  })

  it('leads from a plan that was started to its run, and offers no decision any more', async () => {
    const record = {
      ...approveSample().record,
      state: 'started' as const,
      runId: '01M82BQ88D8MGZ62A1HKJP13AN',
    }
    const engine = createSampleEngine({ 'plan.read': { value: { ...samplePlanView, record } } })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await waitForTitle(page, 'Migrate 6 tenants to 0003: started as a run')
      expect(await page.getByRole('link', { name: 'Open the run' }).count()).toBe(1)
      expect(await page.getByRole('button', { name: /^(Approve|Reject|Apply|Check)/ }).count()).toBe(0)
      await page.keyboard.press('.')
      await page.waitForURL(/#\/runs\/01M82BQ88D8MGZ62A1HKJP13AN/)
    })
  })

  it('greys what can no longer be had, says how old it is, and decides nothing on it', async () => {
    const engine = createPlanEngine(samplePlanView)
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await page.getByRole('button', { name: /^Approve/ }).waitFor()
      engine.answers = {
        ...engine.answers,
        'plan.read': { failure: { kind: 'engine_gone', during: 'plan.read' } },
      }
      await page.keyboard.press('r')
      await page.getByText(/^not current, updated/).waitFor()
      await page.getByText('The engine ended.').waitFor()
      await page.getByRole('button', { name: /^Approve/ }).click({ force: true })
      expect(engine.asksFor('plan.approve')).toEqual([])
      await shoot(page, 'stale')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('refuses every decision in a session that only looks, and says why beside the buttons', async () => {
    const engine = createPlanEngine(samplePlanView, { 'session.read': { value: inPlace('local', true) } })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      const approve = page.getByRole('button', { name: /^Approve/ })
      expect(await approve.getAttribute('aria-disabled')).toBe('true')
      await approve.click({ force: true })
      await page.getByRole('button', { name: /^Reject/ }).click({ force: true })
      expect(engine.asksFor('plan.approve').length + engine.asksFor('plan.reject').length).toBe(0)
      expect(await page.locator('p', { hasText: 'This dashboard is read-only' }).count()).toBeGreaterThan(0)
      await shoot(page, 'read-only')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('says why no plan could be made, and offers the way on', async () => {
    const engine = createSampleEngine({
      'plan.read': { failure: { kind: 'plan_unknown', planId: 'last' } },
      'plan.make': {
        failure: { kind: 'several_heads', heads: ['0003a', '0003b'], mergeCommand: 'alembic merge heads' },
      },
    })
    await withFakeDashboard({ browser, engine, hash: '#/plan' }, async page => {
      await page.getByLabel('Target').press('Enter')
      await page.getByText('The project has 2 heads: 0003a, 0003b.').waitFor()
      expect(await findViolations(page)).toEqual([])
      await page.getByRole('button', { name: 'Take 0003b as the target' }).click()
      expect(await page.getByLabel('Target').inputValue()).toBe('0003b')
      engine.answers = {
        ...engine.answers,
        'plan.make': { failure: { kind: 'run_unfinished', runId: '01M82BQ88D', prepared: [] } },
      }
      await page.getByRole('button', { name: 'Make a plan' }).click()
      const link = page.getByRole('link', { name: 'Open the run and recover it' })
      await link.waitFor()
      expect(await link.getAttribute('href')).toBe('#/runs/01M82BQ88D')
    })
  })

  it('shows a thousand tenants as classes, those that differ first, and any of them at once', async () => {
    const engine = createSampleEngine({
      'plan.read': { value: { ...samplePlanView, plan: createBigPlan(1_000, 6) } },
    })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}/tenants` }, async page => {
      await page.getByText('5 of 1000 tenants differ from the others at their revision.').waitFor()
      await shoot(page, 'thousand')
      const grid = page.getByRole('grid')
      expect(await grid.getAttribute('aria-rowcount')).toBe('1001')
      expect(await grid.getByRole('row').count()).toBeLessThan(80)
      await page.keyboard.press('/')
      const before = Date.now()
      await page.keyboard.type('tenant-777')
      await page.getByText('1 of 1000 tenants').waitFor()
      expect(Date.now() - before).toBeLessThan(3_000)
      expect(page.url()).toContain('q=tenant-777')
      await page.getByRole('searchbox').fill('nobody')
      await page.getByRole('button', { name: 'Clear filters' }).click()
      await page.getByRole('button', { name: 'Differ 5' }).click()
      await page.getByText('5 of 1000 tenants', { exact: true }).waitFor()
      await grid.getByRole('row').nth(1).focus()
      await page.keyboard.press('End')
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '6')
      expect(await findViolations(page)).toEqual([])
    })
  })

  it('compares two routes word by word, unified and beside each other, and keeps that in the address', async () => {
    const engine = createSampleEngine({
      'plan.read': { value: { ...samplePlanView, plan: sampleIndependentPlan } },
    })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}/statements` }, async page => {
      await page.getByText('5 tenants share this route', { exact: false }).waitFor()
      expect(await page.getByText('not atomic from here').count()).toBeGreaterThan(0)
      await shoot(page, 'statements')
      await page.getByRole('button', { name: 'from 0001', exact: true }).click()
      await page.getByRole('button', { name: 'Split' }).waitFor()
      await shoot(page, 'diff')
      expect(await findViolations(page)).toEqual([])
      await page.keyboard.press('d')
      await page.waitForURL(/diff=split/)
      await shoot(page, 'diff-split')
      await page.reload()
      await page.getByRole('button', { name: 'Split' }).waitFor()
      expect(await page.getByRole('button', { name: 'Split' }).getAttribute('aria-pressed')).toBe('true')
    })
  })

  it('opens a statement of ten megabytes clipped, and scrolls through all of it', async () => {
    const sql = "insert into orders values (1, 'a text', now());\n".repeat(210_000)
    const step = { ...samplePlan.routes[0]!.steps[0]!, statements: [{ sql, tables: ['public.orders'] }] }
    const plan = { ...samplePlan, routes: [{ ...samplePlan.routes[0]!, steps: [step] }] }
    const engine = createSampleEngine({ 'plan.read': { value: { ...samplePlanView, plan } } })
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}` }, async page => {
      await page.getByRole('button', { name: 'Show all 210001 lines' }).click()
      const region = page.getByRole('region', { name: 'Statement 1 of 1' })
      await region.focus()
      await page.keyboard.press('End')
      await page.locator('[data-number="210000"]').waitFor()
      expect(await page.locator('[data-number]').count()).toBeLessThan(200)
    })
  })

  const places: readonly (readonly [string, FakeAnswers, string])[] = [
    ['loading', { 'plan.read': 'never' }, 'Plan'],
    [
      'empty',
      { 'plan.read': { failure: { kind: 'plan_unknown', planId: 'last' } } },
      'No plan waits: make one',
    ],
    [
      'failed',
      { 'plan.read': { failure: { kind: 'engine_gone', during: 'plan.read' } } },
      'This plan cannot be shown',
    ],
    ['ready', {}, 'Migrate 6 tenants to 0003: waits for approval'],
    [
      'production',
      {
        'session.read': { value: inPlace('production') },
        'plan.read': {
          value: withLevels(approveSample({ ...samplePlanView, gates: sampleStoppingGates() }), 2, 3),
        },
      },
      'Migrate 6 tenants to 0003: approved, not applied yet',
    ],
    [
      'void',
      {
        'plan.read': {
          value: {
            ...samplePlanView,
            record: { ...samplePlanView.record, state: 'void', moved: ['tenant cedar is gone'] },
          },
        },
      },
      'Migrate 6 tenants to 0003: void, something moved',
    ],
  ]
  for (const [name, answers, title] of places)
    for (const theme of ['light', 'dark', 'contrast'] as const)
      it(`has no violation of accessibility when ${name}, in the ${theme} theme`, async () => {
        const preferences: Preferences = { ...defaultPreferences, theme }
        const engine = createSampleEngine({ ...answers, 'preferences.read': { value: preferences } })
        await withFakeDashboard({ browser, engine, hash: '#/plan' }, async page => {
          await waitForTitle(page, title)
          await page.locator(`[data-theme="${theme}"]`).waitFor()
          await shoot(page, `${name}-${theme}`)
          expect(await findViolations(page)).toEqual([])
        })
      })

  it('rehearses a plan, says each step meanwhile, and shows its locks, findings and classes', async () => {
    const rehearsed = { ...samplePlanView, analysis: sampleAnalysis }
    let finish = (): void => undefined
    const engine = createPlanEngine({
      ...samplePlanView,
      analysis: {
        ...sampleAnalysis,
        rehearsal: null,
        forecast: null,
        notRehearsed: 'nobody has rehearsed it',
      },
    })
    engine.answers = {
      ...engine.answers,
      'plan.rehearse': {
        answer: () =>
          new Promise(resolve => {
            finish = () => {
              engine.answers = { ...engine.answers, 'plan.read': { value: rehearsed } }
              resolve({ ok: true, value: rehearsed })
            }
          }),
      },
    }
    await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}/rehearsal` }, async page => {
      await page.getByText('nobody has rehearsed it').first().waitFor()
      await page.getByRole('button', { name: 'Rehearse the plan' }).press('Enter')
      await page.getByText('Rehearsing').first().waitFor()
      engine.publish({ type: 'progress', task: 'rehearse', line: 'copying birch' })
      await page.getByText('copying birch').waitFor()
      finish()
      await page.getByText('ACCESS EXCLUSIVE').first().waitFor()
      await page.getByText('blocks readers and writers').first().waitFor()
      await page.getByText('rewrites: public.invoices').waitFor()
      await page.getByText('replay will cancel 1 query after 30.0 s: reports (process 4711)').waitFor()
      await page.getByText('will stop: it has no column public.orders.note').waitFor()
      await page.getByText('relation "public.invoices" does not exist').waitFor()
      await page.getByText('cedar cannot be rehearsed itself').waitFor()
      await page.getByText('cannot vote').waitFor()
      await page.getByText('what was compared is as before; not compared: passwords of roles').waitFor()
      await page.getByText('role app: rolcanlogin true -> false').waitFor()
      await page.getByRole('tab', { name: /^Findings/ }).press('Enter')
      await page.getByRole('heading', { name: '1 error, 1 warning, 1 note, 1 waived' }).waitFor()
      await page.getByText('Waived by the policy: nobody reads it yet').waitFor()
      await page.getByRole('tab', { name: /^Classes/ }).press('Enter')
      await page.getByText('public.customers_created_at_idx').first().waitFor()
      await page.getByText('fir (moves to another cluster this week)').waitFor()
      await page.getByRole('tab', { name: /^Rollback/ }).press('Enter')
      await page.getByText('12 values of public.customers.locale would be lost').waitFor()
      await page.getByRole('tab', { name: /^Statements/ }).press('Enter')
      await page.getByText('The same change, safer').first().waitFor()
    })
  })

  for (const part of [
    'statements',
    'tenants',
    'groups',
    'gates',
    'revisions',
    'rehearsal',
    'findings',
    'classes',
    'rollback',
    'runbook',
    'notes',
  ])
    it(`shows ${part} without violations, and fits from 320 to 1920 pixels`, async () => {
      const engine = createSampleEngine({
        'plan.read': {
          value: { ...samplePlanView, plan: sampleIndependentPlan, analysis: sampleAnalysis },
        },
      })
      await withFakeDashboard({ browser, engine, hash: `#/plan/${planId}/${part}` }, async page => {
        await page.locator('[role="tabpanel"] :is(h2, p)').first().waitFor()
        expect(await findViolations(page)).toEqual([])
        for (const width of [320, 1280, 1920]) {
          await page.setViewportSize({ width, height: folder ? 2_400 : 900 })
          await shoot(page, `part-${part}-${width}`)
          const overflow = await page.evaluate(() => {
            const main = document.querySelector('main')
            return main === null ? -1 : main.scrollWidth - main.clientWidth
          })
          expect({ width, overflow }).toEqual({ width, overflow: 0 })
        }
      })
    })
})
