// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useNow } from '../../../renderer/store/use-now.ts'

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function Clock() {
  return <time>{useNow()}</time>
}

const shown = (): number => Number(screen.getByRole('time').textContent)

describe('the clock of all ages', () => {
  it('shows the present at once, also when nobody has looked for an hour', () => {
    vi.useFakeTimers()
    const { unmount } = render(<Clock />)
    unmount()
    vi.advanceTimersByTime(3_600_000)
    render(<Clock />)
    expect(shown()).toBe(Date.now())
  })
})
