// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { RunEvidence } from '../../../renderer/screens/run/evidence/run-evidence.tsx'
import { createLargeRunView } from '../../support/dashboard/large-views.ts'
import { createSampleEngine } from '../../support/dashboard/sample-views.ts'
import { lendDashboard } from '../store/lend-dashboard.tsx'

afterEach(cleanup)

const { state } = createLargeRunView(1_000, 1)

function show(): HTMLElement {
  const { wrapper } = lendDashboard(createSampleEngine())
  return render(<RunEvidence state={state} />, { wrapper }).container
}

describe('the evidence of a run over 1000 tenants', () => {
  it('draws as much as can be read, and says how many findings there are beyond that', () => {
    const container = show()
    expect(container.querySelectorAll('*').length).toBeLessThan(2_000)
    expect(container.textContent).toContain('450 more findings are not shown')
  })
})
