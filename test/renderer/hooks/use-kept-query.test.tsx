// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useEffect } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { changeSaved, fillFromSaved, formatSaved } from '../../../renderer/hooks/saved-query.ts'
import { useSavedQuery } from '../../../renderer/hooks/use-saved-query.ts'
import { parseScreenRoute } from '../../../renderer/route/route.ts'
import { useDashboard, useDashboardStore } from '../../../renderer/store/dashboard-context.tsx'
import { followAddress } from '../../../renderer/store/navigate.ts'
import { TenantsPanel } from '../../../renderer/tenants/tenants-panel.tsx'
import { defaultPreferences, type Preferences } from '../../../shared/api/preferences.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { makeRun } from '../../support/dashboard/sample-run.ts'
import { createSampleEngine, sampleSession } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from '../store/lend-dashboard.tsx'

const kept = { keys: ['state', 'sort'], naming: ['name'] }

afterEach(() => {
  cleanup()
  history.replaceState(null, '', '#')
})

describe('what is kept of an address', () => {
  it('is the state of its list, and never a name', () => {
    expect(formatSaved({ state: 'failed', name: 'acme', line: '4' }, kept)).toBe('state=failed')
    expect(formatSaved({ name: 'acme' }, kept)).toBe('')
  })

  it('comes back where the address says nothing about the list, beside what else it says', () => {
    const route = parseScreenRoute('#/runs/a/tenants?view=table')
    expect(fillFromSaved(route, 'state=failed&sort=group.ascending', kept).query).toEqual({
      view: 'table',
      state: 'failed',
      sort: 'group.ascending',
    })
  })

  it.each([
    ['says something of what is kept', '#/runs/a/tenants?sort=group.ascending'],
    ['names something', '#/runs/a/tenants?name=acme'],
  ])('stays away where the address %s', (_what, hash) => {
    const route = parseScreenRoute(hash)
    expect(fillFromSaved(route, 'state=failed', kept)).toBe(route)
  })

  it('is nothing that the list does not know', () => {
    const route = parseScreenRoute('#/runs/a/tenants')
    expect(fillFromSaved(route, 'rolled_back&name=acme&state=', kept)).toBe(route)
  })

  it('is forgotten when it is empty, and leaves other lists alone', () => {
    const filters = { 'shop/runs': 'show=failed', 'shop/run-log': 'problems=3' }
    expect(changeSaved(filters, 'shop/runs', '')).toEqual({ 'shop/run-log': 'problems=3' })
    expect(changeSaved(filters, 'shop/runs', 'show=all')).toEqual({ ...filters, 'shop/runs': 'show=all' })
  })
})

function engineWith(filters: Preferences['filters'], name = 'demo-shop') {
  const project = sampleSession.project && { ...sampleSession.project, name }
  return createSampleEngine({
    'session.read': { value: { ...sampleSession, project } },
    'preferences.read': { value: { ...defaultPreferences, filters } },
  })
}

function List() {
  const store = useDashboardStore()
  useEffect(() => followAddress(store), [store])
  const route = useDashboard(state => state.route)
  const [query, set] = useSavedQuery(route, 'run-tenants', kept)
  return (
    <>
      <output>{JSON.stringify(query)}</output>
      <button type="button" onClick={() => set({ state: 'failed' })}>
        failed
      </button>
      <button type="button" onClick={() => set({ name: 'acme' })}>
        acme
      </button>
      <button type="button" onClick={() => set({ state: null, name: null })}>
        clear
      </button>
    </>
  )
}

function show(hash: string, engine: ReturnType<typeof engineWith>) {
  history.replaceState(null, '', hash)
  const { wrapper, store } = lendDashboard(engine, hash)
  render(<List />, { wrapper })
  return store
}

const shown = (): unknown => JSON.parse(screen.getByRole('status').textContent ?? '')
const lastKept = (engine: ReturnType<typeof engineWith>): unknown =>
  (engine.asksFor('preferences.write').at(-1) as { preferences: Preferences } | undefined)?.preferences
    .filters

describe('a list that keeps its filter', () => {
  it('shows what was kept for this project, and puts it into the address', async () => {
    show('#/runs/a/tenants', engineWith({ 'demo-shop/run-tenants': 'state=failed' }))
    await waitFor(() => expect(shown()).toEqual({ state: 'failed' }))
    expect(location.hash).toBe('#/runs/a/tenants?state=failed')
  })

  it('knows nothing of what was kept for another project or another list', async () => {
    const engine = engineWith({ 'other/run-tenants': 'state=failed', 'demo-shop/runs': 'state=failed' })
    const store = show('#/runs/a/tenants', engine)
    await waitFor(() => expect(store.getState().preferences.filters).not.toEqual({}))
    expect(shown()).toEqual({})
    expect(location.hash).toBe('#/runs/a/tenants')
  })

  it('follows an address that says something itself, and does not keep that', async () => {
    const engine = engineWith({ 'demo-shop/run-tenants': 'state=failed' })
    const store = show('#/runs/a/tenants?state=waiting', engine)
    await waitFor(() => expect(store.getState().preferences.filters).not.toEqual({}))
    expect(shown()).toEqual({ state: 'waiting' })
    expect(engine.asksFor('preferences.write')).toEqual([])
  })

  it('keeps what is chosen, and forgets it when it is cleared, so that it does not come back', async () => {
    const engine = engineWith({})
    const store = show('#/runs/a/tenants', engine)
    await waitFor(() => expect(store.getState().session).not.toBeNull())
    await userEvent.click(screen.getByText('failed'))
    expect(lastKept(engine)).toEqual({ 'demo-shop/run-tenants': 'state=failed' })
    await userEvent.click(screen.getByText('acme'))
    expect(shown()).toEqual({ state: 'failed', name: 'acme' })
    expect(engine.asksFor('preferences.write')).toHaveLength(1)
    await userEvent.click(screen.getByText('clear'))
    expect(lastKept(engine)).toEqual({})
    expect(shown()).toEqual({})
    expect(location.hash).toBe('#/runs/a/tenants')
  })
})

describe('the tenants of a run', () => {
  it('that all are hidden by a filter kept from another run say so, and a press clears it', async () => {
    const engine = engineWith({ 'demo-shop/run-tenants': 'state=unsettled&group=elsewhere' })
    const hash = '#/runs/a/tenants'
    history.replaceState(null, '', hash)
    const { wrapper } = lendDashboard(engine, hash)
    const { tenants } = foldAll(makeRun(20))
    function Tenants() {
      const store = useDashboardStore()
      useEffect(() => followAddress(store), [store])
      const route = useDashboard(state => state.route)
      return <TenantsPanel route={route} tenants={tenants} proofs={[]} onOpen={() => undefined} />
    }
    render(<Tenants />, { wrapper })
    await screen.findByText('No tenant passes this filter.')
    expect(screen.getByRole('combobox').textContent).toContain('elsewhere, not here')
    expect((screen.getByRole('combobox') as HTMLSelectElement).value).toBe('elsewhere')
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
    await screen.findByRole('grid', { name: '20 tenants by state' })
    expect(lastKept(engine)).toEqual({})
  })
})
