// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { LongList } from '../../../renderer/ui/long-list.tsx'
import { NameList } from '../../../renderer/ui/name-list.tsx'
import { listTenantNames } from '../../support/dashboard/large-views.ts'

afterEach(cleanup)

const names = listTenantNames(1_000)

function press(name: string): Promise<void> {
  return userEvent.click(screen.getByRole('button', { name }))
}

describe('a long list', () => {
  it('shows its beginning, says how many are left out, and comes to its end in portions', async () => {
    render(
      <LongList items={names} noun="tenant" atFirst={20}>
        {name => name}
      </LongList>,
    )
    const shown = () => screen.getAllByRole('listitem').map(item => item.textContent)
    expect(shown()).toEqual(names.slice(0, 20))
    expect(screen.getByText(/980 more tenants are not shown/)).toBeDefined()
    for (let at = 20; at + 100 < names.length; at += 100) await press('Show 100 more tenants')
    expect(shown()).toHaveLength(920)
    await press('Show all 1000 tenants')
    expect(shown()).toEqual(names)
    expect(screen.queryByText(/not shown/)).toBeNull()
    await press('Show the first 20')
    expect(shown()).toEqual(names.slice(0, 20))
  })

  it('says of one that is left out that it is one, and asks nothing where all are in sight', () => {
    const { rerender } = render(
      <LongList items={names.slice(0, 4)} noun="tenant" atFirst={3}>
        {name => name}
      </LongList>,
    )
    expect(screen.getByText(/1 more tenant is not shown/)).toBeDefined()
    rerender(
      <LongList items={names.slice(0, 3)} noun="tenant" atFirst={3}>
        {name => name}
      </LongList>,
    )
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('a row of names', () => {
  it('names the first ones and how many more, and all of them for whoever asks', async () => {
    const { container } = render(<NameList names={names} what="tenants" atFirst={2} />)
    expect(container.textContent).toContain('tenant-0000, tenant-0001 and 998 more')
    await press('Show all 1000 tenants')
    expect(screen.getByRole('group', { name: 'All 1000 tenants' }).textContent).toBe(names.join(', '))
    expect(container.querySelectorAll('*').length).toBeLessThan(10)
    await press('Show the first 2 tenants')
    expect(screen.queryByRole('group')).toBeNull()
  })
})
