// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { GateCard } from '../../../renderer/gates/gate-card.tsx'
import {
  type GateFacts,
  statusOfGates,
  stoppingGates,
  tallyGates,
  wordOfVerdict,
} from '../../../renderer/gates/gate-facts.ts'
import { GateList } from '../../../renderer/gates/gate-list.tsx'
import { DashboardProvider } from '../../../renderer/store/dashboard-context.tsx'
import { createDashboardStore } from '../../../renderer/store/dashboard-store.ts'
import type { EngineApi } from '../../../shared/api/engine-api.ts'
import type { Verdict } from '../../../shared/plan/verdict.ts'

afterEach(cleanup)

const silent: EngineApi = {
  request: () => new Promise(() => undefined),
  subscribe: () => () => undefined,
  watchConnection: () => () => undefined,
}

function showIn(element: React.ReactElement) {
  const { store } = createDashboardStore(silent, '')
  return render(
    <DashboardProvider api={silent} store={store}>
      {element}
    </DashboardProvider>,
  )
}

function gate(name: string, verdict: Verdict | null, facts: Partial<GateFacts> = {}): GateFacts {
  return {
    gate: name,
    title: name.replaceAll('_', ' '),
    why: 'Rows without a parent make a constraint fail.',
    momentary: false,
    answer:
      verdict === null
        ? null
        : {
            verdict,
            value: '2 orphan rows',
            threshold: '0 orphan rows',
            evidence: [{ tenant: 'cedar', fact: 'orders.customer_id: 2 rows without a parent' }],
            remedy: 'Delete or repair the rows.',
          },
    durationMs: 807,
    at: '2026-11-22T10:00:00.000Z',
    ...facts,
  }
}

describe('the gates in one line', () => {
  it('names the worst first, and counts gates that could not be judged apart from those that passed', () => {
    const gates = [gate('a', 'passed'), gate('b', 'inconclusive'), gate('c', 'passed'), gate('d', 'failed')]
    expect(tallyGates(gates)).toBe('1 gate failed, 1 could not be judged, 2 passed')
    expect(statusOfGates(gates)).toBe('failed')
    expect(stoppingGates(gates).map(one => one.gate)).toEqual(['b', 'd'])
  })

  it('is never passed while one could not be judged, is being judged, or none was judged', () => {
    expect(statusOfGates([gate('a', 'passed'), gate('b', 'inconclusive')])).toBe('errored')
    expect(statusOfGates([gate('a', 'passed'), gate('b', null)])).toBe('running')
    expect(statusOfGates([])).toBe('pending')
    expect(tallyGates([])).toBe('no gate judged yet')
    expect(wordOfVerdict('inconclusive')).toBe('could not be judged')
  })
})

describe('a gate card', () => {
  it('shows measured value, limit, remedy, reason to exist, and evidence that leads to its tenant', () => {
    showIn(<GateCard gate={gate('foreign_keys', 'failed')} />)
    const card = screen.getByRole('article', { name: 'foreign keys' })
    for (const text of ['2 orphan rows', '0 orphan rows', 'Delete or repair the rows.', 'failed'])
      expect(within(card).getByText(text)).toBeTruthy()
    expect(within(card).getByText('Rows without a parent make a constraint fail.')).toBeTruthy()
    const link = within(card).getByRole('link', { name: 'Tenant cedar' })
    expect(link.getAttribute('href')).toBe('#/topology?view=table&tenant=cedar')
  })

  it('says of a gate that could not be judged that it stops a run like a failed one', () => {
    showIn(<GateCard gate={gate('capacity', 'inconclusive')} />)
    expect(screen.getByText(/stops a run like a failed gate/)).toBeTruthy()
    expect(document.querySelector('[data-family="pass"]')).toBeNull()
  })

  it('says how many facts are hidden, and shows them when asked', async () => {
    const evidence = Array.from({ length: 40 }, (_, index) => ({ fact: `fact ${index}` }))
    const answer = { ...gate('capacity', 'failed').answer!, evidence }
    showIn(<GateCard gate={gate('capacity', 'failed', { answer })} />)
    expect(screen.queryByText('fact 39')).toBeNull()
    expect(screen.getByText(/28 more facts are not shown/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Show all 40 facts' }))
    expect(screen.getByText('fact 39')).toBeTruthy()
  })
})

describe('a list of gates', () => {
  function Kept({ gates }: { readonly gates: readonly GateFacts[] }) {
    const [selected, select] = useState<string | null>(null)
    return <GateList gates={gates} selected={selected} onSelect={select} />
  }

  it('opens a card in place by keyboard, and closes it again', async () => {
    showIn(<Kept gates={[gate('capacity', 'passed'), gate('foreign_keys', 'failed')]} />)
    await userEvent.tab()
    await userEvent.tab()
    const row = screen.getByRole('button', { name: /foreign keys/ })
    expect(document.activeElement).toBe(row)
    await userEvent.keyboard('{Enter}')
    expect(row.getAttribute('aria-expanded')).toBe('true')
    expect(screen.getByRole('article', { name: 'foreign keys' })).toBeTruthy()
    await userEvent.keyboard('{Enter}')
    expect(screen.queryByRole('article')).toBeNull()
  })

  it('shows a gate without an answer as being judged', () => {
    showIn(<Kept gates={[gate('capacity', null)]} />)
    expect(screen.getByText('being judged')).toBeTruthy()
  })
})
