// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { MovedNotice } from '../../../renderer/screens/plan/decision/moved-notice.tsx'
import { StepView } from '../../../renderer/screens/plan/evidence/step-view.tsx'
import { samplePlanView } from '../../support/dashboard/sample-views.ts'

afterEach(() => {
  cleanup()
  history.replaceState(null, '', '#')
})

describe('a void plan', () => {
  it.each([
    [
      'asks for the same target and tenants again',
      ['0003'],
      ['acme*', 'birch'],
      '?target=0003&tenants=acme*+birch',
    ],
    ['asks for nothing that was left open', [], [], ''],
  ] as const)('%s', async (_what, target, tenants, query) => {
    const view = { ...samplePlanView, asked: { target, tenants } }
    render(<MovedNotice view={view} moved={['tenant cedar moved']} wasApproved={false} />)
    await userEvent.click(screen.getByRole('button', { name: 'Make a new plan' }))
    expect(location.hash).toBe(`#/plan/-/new${query}`)
  })
})

describe('a step of a plan', () => {
  it('names what each of its buttons copies', () => {
    const statement = { sql: 'select 1', tables: [] }
    const step = {
      revision: '0004',
      message: 'add notes',
      file: '0004.sql',
      transactional: true,
      reason: '',
      statements: [statement, statement],
      unrendered: '',
    }
    render(
      <StepView
        step={{ ...samplePlanView.plan.routes[0]!.steps[0]!, ...step }}
        findings={[]}
        isOpenAtFirst
      />,
    )
    expect(screen.getAllByRole('button').map(button => button.textContent)).toEqual([
      'Copy statement 1 of revision 0004',
      'Copy statement 2 of revision 0004',
    ])
    expect(screen.getByRole('button', { name: 'Copy statement 2 of revision 0004' })).toBeDefined()
  })
})
