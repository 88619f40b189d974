// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { LagPanel } from '../../renderer/lag/lag-panel.tsx'
import { DashboardProvider } from '../../renderer/store/dashboard-context.tsx'
import { createDashboardStore } from '../../renderer/store/dashboard-store.ts'
import type { EngineApi } from '../../shared/api/engine-api.ts'
import type { LagSeries } from '../../shared/api/topology-view.ts'
import { createSampleEngine, sampleLag } from '../support/dashboard/sample-views.ts'

afterEach(cleanup)

function show(series: readonly LagSeries[], hash: string): void {
  const engine = createSampleEngine()
  const api = { ...engine, watchConnection: () => () => undefined } as unknown as EngineApi
  const { store } = createDashboardStore(api, hash)
  render(
    <DashboardProvider api={api} store={store}>
      <LagPanel series={series} />
    </DashboardProvider>,
  )
}

describe('the lag panel', () => {
  it('says in a sentence how far the chosen standby is behind, with its gap', () => {
    show(sampleLag, '#/topology?standby=standby-1')
    expect(screen.getByText(/^standby-1 is .* behind, at most .* a gap of 15 s\.$/)).toBeTruthy()
  })

  it('reads out each sample by the arrow keys, and says idle and no data in words', () => {
    show(sampleLag, '#/topology?standby=standby-1')
    const chart = screen.getByRole('slider')
    const last = Number(chart.getAttribute('aria-valuemax'))
    expect(chart.getAttribute('aria-valuenow')).toBe(String(last))
    fireEvent.keyDown(chart, { key: 'ArrowLeft' })
    expect(chart.getAttribute('aria-valuenow')).toBe(String(last - 1))
    fireEvent.keyDown(chart, { key: 'Home' })
    expect(chart.getAttribute('aria-valuenow')).toBe('0')
    for (let step = 0; step < 2; step += 1) fireEvent.keyDown(chart, { key: 'PageDown' })
    expect(chart.getAttribute('aria-valuetext')).toContain('no data, no data, no answer')
    fireEvent.keyDown(chart, { key: 'End' })
    fireEvent.keyDown(chart, { key: 'ArrowRight' })
    expect(chart.getAttribute('aria-valuenow')).toBe(String(last))
  })

  it('shows the same samples as a table', () => {
    show(sampleLag, '#/topology?standby=standby-2&samples=1')
    const table = screen.getByRole('grid', { name: 'Samples of standby-2' })
    expect(table.getAttribute('aria-rowcount')).toBe('121')
  })

  it('says why there is nothing where no standby is sampled', () => {
    show([], '#/topology')
    expect(screen.getByText('No standby is sampled.')).toBeTruthy()
  })

  it('names a standby without samples instead of drawing zero', () => {
    show([{ server: 'standby-9', cluster: 'main', maxBytes: null, samples: [] }], '#/topology')
    expect(screen.getByText('standby-9 has no samples yet.')).toBeTruthy()
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toBe('no samples')
  })
})
