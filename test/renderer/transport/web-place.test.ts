// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest'
import { followAddress } from '../../../renderer/store/navigate.ts'
import { takeToken } from '../../../renderer/transport/sign-in.ts'
import { browserPlace } from '../../../renderer/transport/web-place.ts'
import { createSampleEngine } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from '../store/lend-dashboard.tsx'

afterEach(() => history.replaceState(null, '', '#'))

it('shows the view of a one-time address that is pasted into a page that is open, without its token', () => {
  const { store } = lendDashboard(createSampleEngine(), '#/overview')
  // First in line, as a listener that heard of the address before the token was taken out of it.
  const stop = followAddress(store)
  history.replaceState(null, '', '#token=abc&at=%2Fruns%2F01K2%3Fline%3D4')
  dispatchEvent(new HashChangeEvent('hashchange'))
  expect(store.getState().route.screen).toBe('overview')
  takeToken(browserPlace(window))
  expect(location.hash).toBe('#/runs/01K2?line=4')
  expect(store.getState().route).toMatchObject({ screen: 'runs', id: '01K2', query: { line: '4' } })
  stop()
})
