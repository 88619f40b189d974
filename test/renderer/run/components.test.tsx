// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LogSearchBar } from '../../../renderer/log/log-search-bar.tsx'
import { parseScreenRoute } from '../../../renderer/route/route.ts'
import { GatesTab } from '../../../renderer/screens/run/gates-tab.tsx'
import { listPhases } from '../../../renderer/screens/run/overview/list-phases.ts'
import { PhaseRail } from '../../../renderer/screens/run/overview/phase-rail.tsx'
import { DashboardProvider } from '../../../renderer/store/dashboard-context.tsx'
import { createDashboardStore } from '../../../renderer/store/dashboard-store.ts'
import type { EngineApi } from '../../../shared/api/engine-api.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { makeRun } from '../../support/dashboard/sample-run.ts'
import { createSampleEngine, sampleProtocol, sampleRunView } from '../../support/dashboard/sample-views.ts'

afterEach(cleanup)

function createApi(): EngineApi {
  const engine = createSampleEngine()
  return {
    request: engine.request as EngineApi['request'],
    subscribe: engine.subscribe,
    watchConnection: () => () => undefined,
  }
}

describe('the bar that searches a log', () => {
  const query = { text: 'lock', matchCase: false, wholeWord: false, isRegex: true }

  it('says why a pattern cannot be used, beside it', () => {
    render(
      <LogSearchBar
        query={query}
        onlyMatches={false}
        search={{
          matches: { total: 0, positions: [], problem: 'the pattern cannot be used: unterminated group' },
          failure: null,
          isRunning: false,
        }}
        focused={null}
        onChange={() => undefined}
        onStep={() => undefined}
        onFirstFailure={null}
      />,
    )
    const input = screen.getByRole('searchbox')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toContain(
      'unterminated group',
    )
  })

  it('goes to the next match by Enter and to the one before by Shift and Enter, and counts exactly', () => {
    const onStep = vi.fn()
    render(
      <LogSearchBar
        query={query}
        onlyMatches={false}
        search={{
          matches: { total: 3, positions: [4, 9, 11], problem: null },
          failure: null,
          isRunning: false,
        }}
        focused={9}
        onChange={() => undefined}
        onStep={onStep}
        onFirstFailure={null}
      />,
    )
    fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Enter' })
    fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Enter', shiftKey: true })
    expect(onStep.mock.calls).toEqual([['next'], ['previous']])
    expect(screen.getByRole('status').textContent).toBe('2 of 3 matches')
  })
})

describe('the rail of phases', () => {
  it('is a list in which each phase says its state in words', () => {
    const api = createApi()
    const { store } = createDashboardStore(api, '#/runs/x')
    render(
      <DashboardProvider api={api} store={store}>
        <PhaseRail
          stops={listPhases(foldAll(makeRun(20, [3])), false, '2026-11-22T11:00:00.000Z')}
          runbook={null}
        />
      </DashboardProvider>,
    )
    const phases = screen.getAllByRole('listitem').map(item => item.textContent ?? '')
    expect(phases.filter(text => text.startsWith('Migrate'))[0]).toContain('failed')
    expect(phases.filter(text => text.startsWith('Rollback'))[0]).toContain('20/20')
  })

  it('opens a phase to what the runbook says about it, and shows markup as text', () => {
    const api = createApi()
    const { store } = createDashboardStore(api, '#/runs/x')
    render(
      <DashboardProvider api={api} store={store}>
        <PhaseRail
          stops={listPhases(foldAll(makeRun(20, [3])), false, '2026-11-22T11:00:00.000Z')}
          runbook={sampleProtocol}
        />
      </DashboardProvider>,
    )
    expect(screen.queryByRole('button', { name: /^Snapshot/ })).toBeNull()
    const opener = screen.getByRole('button', { name: 'Approval: runbook' })
    fireEvent.click(opener)
    expect(opener.getAttribute('aria-expanded')).toBe('true')
    expect(screen.getByRole('region', { name: 'Runbook: Approval' }).textContent).toBe(
      'Ring the person on duty <b>first</b>.',
    )
    fireEvent.click(opener)
    expect(screen.queryByRole('region', { name: 'Runbook: Approval' })).toBeNull()
  })
})

describe('the gates of a run', () => {
  function showGate(gate: string) {
    const { state, gateWords } = sampleRunView('0.1.0-migrated')
    const api = createApi()
    const hash = `#/runs/x/gates?gate=${gate}`
    const { store } = createDashboardStore(api, hash)
    render(
      <DashboardProvider api={api} store={store}>
        <GatesTab route={parseScreenRoute(hash)} gates={state.gates} words={gateWords} />
      </DashboardProvider>,
    )
    return state.gates.find(one => one.gate === gate)
  }

  it('say what they are called, why they exist and when they were judged', () => {
    const gate = showGate('replica_lag')
    const card = screen.getByRole('article', { name: 'Replicas keep up' })
    expect(card.textContent).toContain('A standby that lags serves the old schema')
    expect(card.querySelector('time')?.getAttribute('datetime')).toBe(gate?.judgedAt)
  })

  it('of a version that has other words show their names', () => {
    showGate('tenant_isolation')
    expect(screen.getByRole('article', { name: 'tenant isolation' }).textContent).not.toContain(
      'Why it exists',
    )
  })
})
