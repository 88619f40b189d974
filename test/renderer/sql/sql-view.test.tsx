// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { DiffView } from '../../../renderer/sql/diff-view.tsx'
import { SqlView } from '../../../renderer/sql/sql-view.tsx'

afterEach(cleanup)

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, line) => `select ${line};`).join('\n')

describe('the view of a statement', () => {
  it('shows text as text, whatever is written in it', () => {
    const { container } = render(
      <SqlView sql={"select '<img src=x onerror=alert(1)>'"} label="Statement 1 of 1" />,
    )
    expect(container.querySelector('img')).toBeNull()
    expect(container.textContent).toContain("'<img src=x onerror=alert(1)>'")
  })

  it('clips a long statement, says how much is hidden, and shows all of it when asked', async () => {
    const { container } = render(<SqlView sql={linesOf(200)} label="Statement 1 of 1" />)
    expect(container.textContent).toContain('140 more rows of 200 lines are not shown.')
    expect(container.textContent).not.toContain('select 199;')
    await userEvent.click(screen.getByRole('button', { name: 'Show all 200 lines' }))
    expect(container.textContent).toContain('select 199;')
  })
})

describe('the view of a comparison', () => {
  const side = (title: string, text: string) => ({ title, text })

  it('marks lines by sign and words, not by colour alone, and counts what it folds', async () => {
    const left = side('from 0001', `${linesOf(20)}\nadd column x int;`)
    const right = side('from 0002', `${linesOf(20)}\nadd column x bigint;`)
    const { container } = render(
      <DiffView left={left} right={right} mode="unified" onMode={() => undefined} />,
    )
    expect(container.querySelector('[data-kind="removed"]')?.textContent).toContain('-add column x int;')
    expect(container.querySelector('[data-kind="added"] mark')?.textContent).toBe('bigint')
    expect(container.textContent).not.toContain('select 3;')
    await userEvent.click(screen.getByRole('button', { name: /^Show 17 lines that are the same/ }))
    expect(container.textContent).toContain('select 3;')
  })

  it('draws many changed lines only when asked, and says how many they are', async () => {
    const { container } = render(
      <DiffView
        left={side('left', 'a')}
        right={side('right', linesOf(450))}
        mode="split"
        onMode={() => undefined}
      />,
    )
    expect(container.textContent).not.toContain('select 449;')
    await userEvent.click(screen.getByText(/more lines that differ$/))
    expect(container.textContent).toContain('select 449;')
  })
})
