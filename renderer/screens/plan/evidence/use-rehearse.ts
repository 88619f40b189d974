import { useCallback } from 'react'
import type { Failure } from '../../../../shared/failure/failure.ts'
import { useDashboardStore } from '../../../store/dashboard-context.tsx'
import { useAction } from '../../../store/use-action.ts'
import { useProgress } from '../../../store/use-progress.ts'

/** A rehearsal, as one thing that a person starts. */
export interface StartedRehearsal {
  readonly isRunning: boolean
  readonly failure: Failure | null
  readonly lines: readonly string[]
  readonly start: () => void
}

/** Runs a plan on copies of its tenants; the plan is read again when that is done. */
export function useRehearse(planId: string, onRehearsed: () => void): StartedRehearsal {
  const store = useDashboardStore()
  const { run, isRunning, failure } = useAction('plan.rehearse')
  const [lines, clear] = useProgress('rehearse')
  const start = useCallback(() => {
    clear()
    void run({ planId }).then(view => {
      if (view === null) return
      const polite = view.analysis?.rehearsal ? 'The plan is rehearsed.' : 'The plan could not be rehearsed.'
      store.setState({ announcement: { polite, assertive: '' } })
      onRehearsed()
    })
  }, [clear, run, planId, store, onRehearsed])
  return { isRunning, failure, lines, start }
}
