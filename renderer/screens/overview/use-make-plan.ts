import type { Failure } from '../../../shared/failure/failure.ts'
import { routeTo } from '../../route/route.ts'
import { navigate } from '../../store/navigate.ts'
import { useAction } from '../../store/use-action.ts'

/** Making a plan for the whole fleet, and showing it. */
export interface PlanMaking {
  readonly isRunning: boolean
  readonly failure: Failure | null
  readonly make: () => void
}

/** Prepares a plan for every tenant to the newest revision; it changes no database. */
export function useMakePlan(): PlanMaking {
  const { isRunning, failure, run } = useAction('plan.make')
  const make = async (): Promise<void> => {
    if (isRunning) return
    const view = await run({ target: [], tenants: [] })
    if (view) navigate(routeTo('plan', { id: view.plan.planId }))
  }
  return { isRunning, failure, make: () => void make() }
}
