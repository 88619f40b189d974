// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { MovedNotice } from '../../../renderer/screens/plan/decision/moved-notice.tsx'
import { ClassesTab } from '../../../renderer/screens/plan/evidence/classes-tab.tsx'
import { DowngradeTab } from '../../../renderer/screens/plan/evidence/downgrade-tab.tsx'
import { FindingsTab } from '../../../renderer/screens/plan/evidence/findings-tab.tsx'
import { RehearsalTab } from '../../../renderer/screens/plan/evidence/rehearsal-tab.tsx'
import type { RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import { createLargePlanView } from '../../support/dashboard/large-views.ts'
import { createSampleEngine } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from '../store/lend-dashboard.tsx'

afterEach(cleanup)

const view = createLargePlanView(1_000)
const bound = 2_500

function show(element: React.ReactElement): HTMLElement {
  const { wrapper } = lendDashboard(createSampleEngine(), '#/plan')
  return render(element, { wrapper }).container
}

function rehearsal(planView = view): HTMLElement {
  return show(<RehearsalTab view={planView} isCurrent onRehearsed={() => undefined} />)
}

describe('the evidence of a plan for 1000 tenants', () => {
  it.each([
    ['the rehearsal', () => rehearsal()],
    ['the findings', () => show(<FindingsTab view={view} />)],
    ['the classes', () => show(<ClassesTab view={view} />)],
    ['the way back', () => show(<DowngradeTab view={view} />)],
  ])('%s draws as much as can be read, and says how much more there is', (_what, draw) => {
    const container = draw()
    expect(container.querySelectorAll('*').length).toBeLessThan(bound)
    expect(container.textContent).toMatch(/\d+ more \w+ are not shown/)
  })

  it('shows every finding that is asked for', () => {
    const { analysis } = view
    const findings = analysis?.findings.slice(0, 130) ?? []
    const container = show(
      <FindingsTab view={{ ...view, analysis: analysis && { ...analysis, findings } }} />,
    )
    const shown = container.getElementsByTagName('article')
    expect(shown).toHaveLength(20)
    fireEvent.click(screen.getByRole('button', { name: 'Show 100 more findings' }))
    expect(shown).toHaveLength(120)
    fireEvent.click(screen.getByRole('button', { name: 'Show all 130 findings' }))
    expect(shown).toHaveLength(130)
  })

  it('names all tenants of the main class, and shows that class beside however many differ', async () => {
    show(<ClassesTab view={view} />)
    const main = within(screen.getByRole('list', { name: 'Main classes' }))
    await userEvent.click(main.getByRole('button', { name: 'Show all 960 tenants' }))
    expect(main.getByRole('group').textContent?.split(', ')).toHaveLength(960)
    expect(screen.getByRole('list', { name: 'Classes that differ' }).children).toHaveLength(10)
  })

  it('does not say of a class that nobody has compared that it differs in nothing', () => {
    show(<ClassesTab view={view} />)
    expect(screen.getAllByText('differs; not compared object by object')).not.toHaveLength(0)
    expect(screen.queryByText('differs in 0 objects')).toBeNull()
  })

  it('tells once what subscribers of many tenants lack, and names every one of them', async () => {
    rehearsal()
    const section = within(screen.getByRole('region', { name: 'Logical subscribers' }))
    expect(section.getByText('reports, 1000 subscriptions')).toBeDefined()
    await userEvent.click(section.getByRole('button', { name: 'Show all 1000 subscriptions' }))
    expect(section.getByRole('group').textContent).toContain('orders_of_tenant-0999 of tenant-0999')
    await userEvent.click(section.getByRole('button', { name: 'Show all 9 differences' }))
    expect(section.getByText(/public\.orders\.note_8/)).toBeDefined()
  })

  it('shows a class whose rehearsal failed before all others, wherever it stands', () => {
    const failed = (route: RouteRehearsal, index: number, all: readonly RouteRehearsal[]): RouteRehearsal =>
      index === all.length - 1 ? { ...route, problem: 'relation "public.invoices" does not exist' } : route
    const { analysis } = view
    const routes = analysis?.rehearsal?.routes.map(failed) ?? []
    rehearsal({
      ...view,
      analysis: analysis && {
        ...analysis,
        rehearsal: analysis.rehearsal && { ...analysis.rehearsal, routes },
      },
    })
    const [first] = screen.getByRole('list', { name: 'Rehearsed classes' }).children
    expect(first?.textContent).toContain('relation "public.invoices" does not exist')
  })

  it('names a route once, however many classes go it', () => {
    const container = show(<DowngradeTab view={view} />)
    const route = view.analysis?.rehearsal?.routes[0]?.route ?? ''
    expect(container.querySelector('p')?.textContent).toContain(`and ${route} loses data on the way.`)
  })

  it('says how many changes have voided it, and all of them for whoever asks', () => {
    const moved = Array.from({ length: 1_000 }, (_, index) => `tenant ${index} moved`)
    const container = show(<MovedNotice view={view} moved={moved} wasApproved />)
    expect(container.textContent).toContain('990 more changes are not shown')
    expect(screen.getAllByRole('listitem')).toHaveLength(10)
  })
})
