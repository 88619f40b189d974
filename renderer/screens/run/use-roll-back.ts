import { useCallback, useState } from 'react'
import type { Failure } from '../../../shared/failure.ts'
import type { Confirmation } from '../../../shared/friction.ts'
import type { RollbackProposal } from '../../../shared/rollback.ts'
import { navigate } from '../../route/navigate.ts'
import { routeTo } from '../../route/route.ts'
import { useDashboardStore } from '../../store/dashboard-context.tsx'
import { useAction } from '../../store/use-action.ts'
import { useProgress } from '../../store/use-progress.ts'

/** Looking into a way back, and going it, as the two things that a person starts. */
export interface RollBack {
  readonly isProposing: boolean
  readonly isStarting: boolean
  readonly lines: readonly string[]
  /** What looking into it gave here, newest; null before. */
  readonly proposal: RollbackProposal | null
  readonly proposalFailure: Failure | null
  readonly startFailure: Failure | null
  readonly propose: () => void
  readonly start: (
    proposal: RollbackProposal,
    confirmation: Confirmation | null,
    lossReason: string | null,
  ) => void
  readonly forget: () => void
}

/** The run that undoes it opens by itself. */
export function useRollBack(runId: string): RollBack {
  const [proposal, setProposal] = useState<RollbackProposal | null>(null)
  const store = useDashboardStore()
  const proposing = useAction('rollback.propose')
  const starting = useAction('rollback.start')
  const [lines, clear] = useProgress('rollback')
  const propose = useCallback(() => {
    clear()
    starting.forget()
    void proposing.run({ runId }).then(found => {
      if (found === null) return
      const polite = found.refusal === null ? 'The run can be rolled back.' : 'The run cannot be rolled back.'
      store.setState({ announcement: { polite, assertive: '' } })
      setProposal(found)
    })
  }, [clear, proposing.run, starting.forget, runId, store])
  const start: RollBack['start'] = useCallback(
    ({ rollbackId }, confirmation, lossReason) => {
      const acceptLoss = lossReason === null ? null : { reason: lossReason }
      void starting.run({ runId, rollbackId, confirmation, acceptLoss }).then(answer => {
        if (answer !== null) navigate(routeTo('runs', { id: answer.runId }))
      })
    },
    [runId, starting.run],
  )
  return {
    isProposing: proposing.isRunning,
    isStarting: starting.isRunning,
    lines,
    proposal,
    proposalFailure: proposing.failure,
    startFailure: starting.failure,
    propose,
    start,
    forget: starting.forget,
  }
}
