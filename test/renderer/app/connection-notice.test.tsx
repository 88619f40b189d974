// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { ConnectionNotice } from '../../../renderer/app/connection-notice.tsx'
import type { ConnectionState } from '../../../shared/api/engine-api.ts'
import { createSampleEngine } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from '../store/lend-dashboard.tsx'

afterEach(cleanup)

describe('the notice about the connection', () => {
  const show = () => {
    const dashboard = lendDashboard(createSampleEngine())
    render(<ConnectionNotice />, dashboard)
    return (state: ConnectionState) => act(() => dashboard.setConnection(state))
  }

  it('is not there while all is well', () => {
    show()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('says that the connection is lost, that a run goes on, how old things are and when it tries again', () => {
    const connect = show()
    connect({ state: 'lost', since: Date.now() - 42_000, retryAt: Date.now() + 60_000 })
    const words = screen.getByRole('alert').textContent
    expect(words).toMatch(/^The connection to the engine is lost\. A run goes on without it\./)
    expect(words).toMatch(/Connecting again in \d+ s\./)
    expect(words).toMatch(/not current, updated 4\d s ago$/)
    connect({ state: 'connected' })
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it.each([
    ['not_signed_in', 'Take a new one'],
    ['idle', 'because it was not used'],
    ['ended', 'ended in its terminal'],
  ] as const)('says what to do after a session that is over: %s', (reason, words) => {
    show()({ state: 'closed', reason })
    expect(screen.getByRole('alert').textContent).toContain(words)
  })
})
