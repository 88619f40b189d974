// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { canRollBack } from '../../../renderer/screens/run/rollback/can-roll-back.ts'
import { ProposeRollback } from '../../../renderer/screens/run/rollback/propose-rollback.tsx'
import type { RunView } from '../../../shared/api/run-view.ts'
import type { RollbackProposal, TenantRollback } from '../../../shared/run/rollback.ts'
import type { FakeAnswers } from '../../support/dashboard/fake-engine.ts'
import { createLargeProposal, createLargeRunView } from '../../support/dashboard/large-views.ts'
import { createSampleEngine, sampleSession } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from '../store/lend-dashboard.tsx'

afterEach(cleanup)

const view = createLargeRunView(1_000, 1)
const large = createLargeProposal(1_000)

/** Shows the panel after somebody has looked into the rollback. */
async function look(proposal: RollbackProposal, answers: FakeAnswers = {}, only = '') {
  const engine = createSampleEngine({ 'rollback.propose': { value: proposal }, ...answers })
  const { wrapper, store } = lendDashboard(engine)
  store.setState({ session: sampleSession })
  const { container } = render(<ProposeRollback view={view} />, { wrapper })
  if (only !== '') await userEvent.type(screen.getByLabelText('Only these tenants'), only)
  await press('Propose a rollback')
  return { engine, container }
}

function press(name: string | RegExp): Promise<void> {
  return userEvent.click(screen.getByRole('button', { name }))
}

function proposalOf(tenants: readonly Partial<TenantRollback>[]): RollbackProposal {
  const [, , one] = large.tenants
  return {
    ...large,
    isLossless: true,
    tenants: tenants.map(given => ({ ...(one as TenantRollback), ...given })),
  }
}

const box = /^End others' sessions/

describe('ending the sessions of others', () => {
  it('is offered only where a copy takes the place of a database, with what it does to whom', async () => {
    await look(proposalOf([{ tenant: 'acorn', way: 'downgrade' }, { tenant: 'birch' }]))
    const checkbox = screen.getByRole<HTMLInputElement>('checkbox', { name: "End others' sessions in birch" })
    expect(checkbox.checked).toBe(false)
    expect(screen.getByText(/what they have not committed is rolled back/)).toBeDefined()
  })

  it('is not offered where everybody goes down', async () => {
    await look(proposalOf([{ tenant: 'acorn', way: 'downgrade' }]))
    expect(screen.getByRole('button', { name: 'Roll back 1 tenant' })).toBeDefined()
    expect(screen.queryByRole('checkbox')).toBeNull()
  })

  it('is asked of the engine only when it was chosen, and said again before it is', async () => {
    const { engine } = await look(proposalOf([{ tenant: 'birch' }]), { 'rollback.start': 'never' })
    await userEvent.click(screen.getByRole('checkbox', { name: box }))
    await press('Roll back 1 tenant')
    const dialog = within(screen.getByRole('dialog'))
    expect(dialog.getByText(/^Others' sessions in birch are ended/)).toBeDefined()
    await userEvent.click(dialog.getByRole('button', { name: 'Roll back 1 tenant' }))
    expect(engine.asksFor('rollback.start')).toMatchObject([{ disconnect: true }])
  })

  it('stands beside the failure that it is the way out of', async () => {
    const failure = { kind: 'tenant_in_use', tenants: ['birch'], sessions: ['birch: 4711 shop'] } as const
    const { engine } = await look(proposalOf([{ tenant: 'birch' }]), { 'rollback.start': { failure } })
    await press('Roll back 1 tenant')
    await userEvent.click(
      within(screen.getByRole('dialog')).getByRole('button', { name: 'Roll back 1 tenant' }),
    )
    expect(engine.asksFor('rollback.start')).toMatchObject([{ disconnect: false }])
    expect(screen.getByRole('alert').textContent).toContain('Others are connected to birch.')
    expect(screen.queryByRole('dialog')).toBeNull()
    await userEvent.click(screen.getByRole('checkbox', { name: box }))
    await press('Roll back 1 tenant')
    await userEvent.click(
      within(screen.getByRole('dialog')).getByRole('button', { name: 'Roll back 1 tenant' }),
    )
    expect(engine.asksFor('rollback.start')).toHaveLength(2)
    expect(engine.asksFor('rollback.start')[1]).toMatchObject({ disconnect: true })
  })
})

describe('the rollback of some tenants', () => {
  it('is looked into for those that were named', async () => {
    const { engine } = await look(large, {}, 'acme* birch')
    expect(engine.asksFor('rollback.propose')).toMatchObject([{ tenants: ['acme*', 'birch'] }])
  })

  it('is looked into for everybody who is left where nobody was named', async () => {
    const { engine } = await look(large)
    expect(engine.asksFor('rollback.propose')).toMatchObject([{ tenants: [] }])
  })

  it('leaves the rollback of the others open, and nothing once everybody is back', () => {
    const by = (undone: number | null): RunView => ({
      ...view,
      links: [{ kind: 'rolled_back_by', runId: '01M82BQ88D8MGZ62A1HKJP13AN', undone }],
    })
    expect([view, by(999), by(1_000), by(null)].map(canRollBack)).toEqual([true, true, false, false])
  })
})

describe('the rollback of 1000 tenants', () => {
  it('draws as much as can be read, what is lost first, and says how much more there is', async () => {
    const { container } = await look(large)
    expect(container.querySelectorAll('*').length).toBeLessThan(500)
    expect(container.textContent).toContain(
      '1000 tenants: 667 by the rehearsed downgrade, 333 by a verified snapshot; 500 lose data.',
    )
    const list = screen.getByRole('list', { name: 'How each tenant would be rolled back' })
    expect(list.children).toHaveLength(12)
    expect([...list.children].every(item => item.textContent?.includes('values of'))).toBe(true)
    expect(screen.getByText(/490 more ways are not shown/)).toBeDefined()
  })

  it('names every tenant of one fate for whoever opens it', async () => {
    await look({ ...large, tenants: large.tenants.map(one => ({ ...one, losses: [], way: 'downgrade' })) })
    const list = screen.getByRole('list', { name: 'How each tenant would be rolled back' })
    expect(list.children).toHaveLength(2)
    fireEvent.click(within(list).getAllByText('Show all 500 tenants')[0] as Element)
    expect(
      within(list).getByRole('group', { name: 'All 500 tenants' }).textContent?.split(', '),
    ).toHaveLength(500)
  })

  it('shows every tenant for whoever asks', async () => {
    const some = createLargeProposal(300)
    await look(some)
    const list = screen.getByRole('list', { name: 'How each tenant would be rolled back' })
    for (let at = 0; at < 2; at += 1)
      fireEvent.click(list.nextElementSibling?.querySelector('button') as Element)
    for (const button of list.querySelectorAll('button')) fireEvent.click(button)
    const text = list.textContent ?? ''
    expect(some.tenants.filter(({ tenant }) => !text.includes(tenant))).toEqual([])
    expect(list.nextElementSibling?.textContent).toBe('Show the first 12')
  })

  it('names what is lost in the last question within bounds, and all of it for whoever asks', async () => {
    await look(large)
    await userEvent.type(screen.getByLabelText(/^Why may that be lost/), 'nobody uses it')
    await press('Roll back 1000 tenants')
    const dialog = screen.getByRole('dialog')
    expect(dialog.querySelectorAll('*').length).toBeLessThan(60)
    expect(within(dialog).getByText('tenant-0001 loses: 13 values of public.customers.locale.')).toBeDefined()
    expect(within(dialog).getByText(/492 more losses are not shown/)).toBeDefined()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Show 100 more losses' }))
    expect(within(dialog).getAllByText(/ loses: /)).toHaveLength(108)
  })

  it('tells tenants of the same fate together', async () => {
    const same = large.tenants.map(one => ({ ...one, losses: ['its attachments'], rowsLost: null }))
    await look({ ...large, tenants: same })
    expect(screen.getByRole('list', { name: 'How each tenant would be rolled back' }).children).toHaveLength(
      2,
    )
    expect(screen.getByText('tenant-0000, tenant-0001, tenant-0003 and 664 more')).toBeDefined()
  })
})
