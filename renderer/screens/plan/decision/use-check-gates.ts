import { useCallback } from 'react'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import type { Failure } from '../../../../shared/failure/failure.ts'
import { factsOfCheck, stoppingGates, tallyGates } from '../../../gates/gate-facts.ts'
import { type ScreenRoute, withQuery } from '../../../route/route.ts'
import { useDashboardStore } from '../../../store/dashboard-context.tsx'
import { navigate } from '../../../store/navigate.ts'
import { useAction } from '../../../store/use-action.ts'
import { useProgress } from '../../../store/use-progress.ts'

/** The judging of all gates, as one thing that a person starts. */
export interface GatesCheck {
  readonly isRunning: boolean
  readonly failure: Failure | null
  readonly lines: readonly string[]
  readonly start: () => void
}

/** Judges every gate now; what stands in the way then opens by itself. */
export function useCheckGates(route: ScreenRoute, view: PlanView, onChecked: () => void): GatesCheck {
  const store = useDashboardStore()
  const { run, isRunning, failure } = useAction('plan.check')
  const [lines, clear] = useProgress('check')
  const { planId } = view.plan
  const start = useCallback(() => {
    clear()
    void run({ planId }).then(checked => {
      if (checked === null) return
      const gates = checked.gates.map(one => factsOfCheck(one, checked.gatesCheckedAt))
      const first = stoppingGates(gates)[0]
      store.setState({
        announcement: { polite: `Gates checked: ${tallyGates(gates)}.`, assertive: '' },
      })
      onChecked()
      if (first) navigate({ ...withQuery(route, { gate: first.gate }), tab: 'gates' }, 'replace')
    })
  }, [clear, run, planId, store, onChecked, route])
  return { isRunning, failure, lines, start }
}
