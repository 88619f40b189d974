import { useCallback, useState } from 'react'
import type { Failure } from '../../../../shared/failure/failure.ts'
import type { Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import type { RollbackProposal } from '../../../../shared/run/rollback.ts'
import { routeTo } from '../../../route/route.ts'
import { useDashboardStore } from '../../../store/dashboard-context.tsx'
import { navigate } from '../../../store/navigate.ts'
import { useAction } from '../../../store/use-action.ts'
import { useProgress } from '../../../store/use-progress.ts'

/** Proposing a rollback and starting it, as the two things that a person starts. */
export interface RollBack {
  readonly isProposing: boolean
  readonly isStarting: boolean
  readonly lines: readonly string[]
  /** What looking into it gave here, newest; null before. */
  readonly proposal: RollbackProposal | null
  readonly proposalFailure: Failure | null
  readonly startFailure: Failure | null
  /** For tenants by name or glob; for none by name, for all. */
  readonly propose: (tenants: readonly string[]) => void
  readonly start: (proposal: RollbackProposal, given: StartGiven) => void
  readonly forget: () => void
}

/** What a person has said when they start a rollback. */
interface StartGiven {
  readonly confirmation: Confirmation | null
  /** Null where nothing is lost. */
  readonly lossReason: string | null
  /** Whether others' sessions may be ended. */
  readonly disconnect: boolean
}

/** The run that undoes it opens by itself. */
export function useRollBack(runId: string): RollBack {
  const [proposal, setProposal] = useState<RollbackProposal | null>(null)
  const store = useDashboardStore()
  const proposing = useAction('rollback.propose')
  const starting = useAction('rollback.start')
  const [lines, clear] = useProgress('rollback')
  const propose: RollBack['propose'] = useCallback(
    tenants => {
      clear()
      starting.forget()
      void proposing.run({ runId, tenants }).then(found => {
        if (found === null) return
        const polite =
          found.refusal === null ? 'The run can be rolled back.' : 'The run cannot be rolled back.'
        store.setState({ announcement: { polite, assertive: '' } })
        setProposal(found)
      })
    },
    [clear, proposing.run, starting.forget, runId, store],
  )
  const start: RollBack['start'] = useCallback(
    ({ rollbackId }, { confirmation, lossReason, disconnect }) => {
      const acceptLoss = lossReason === null ? null : { reason: lossReason }
      void starting.run({ runId, rollbackId, confirmation, acceptLoss, disconnect }).then(answer => {
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
