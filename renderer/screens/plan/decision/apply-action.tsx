import { useState } from 'react'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import type { Failure } from '../../../../shared/failure/failure.ts'
import type { Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import { routeTo } from '../../../route/route.ts'
import { useApi, useDashboard } from '../../../store/dashboard-context.tsx'
import { navigate } from '../../../store/navigate.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { ConfirmationNote } from './confirmation-note.tsx'
import { ConsequenceText } from './consequence-text.tsx'
import styles from './decision-block.module.css'
import { labelOfApply, possibilityOf, refusalOf } from './plan-facts.ts'

interface ApplyActionProps {
  readonly view: PlanView
  readonly isCurrent: boolean
  /** Whether gates stand in the way, as far as they were checked. */
  readonly isStopped: boolean
  /** The engine found that the plan does not hold any more. */
  readonly onVoid: (moved: readonly string[]) => void
}

/** Starts the run of an approved plan, with as much asking as the place demands. */
export function ApplyAction({ view, isCurrent, isStopped, onVoid }: ApplyActionProps) {
  const { planId } = view.plan
  const api = useApi()
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? true)
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  const [isAsking, setAsking] = useState(false)
  const [isRunning, setRunning] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const { level } = possibilityOf(view, 'apply')
  const refusal = refusalOf(view, 'apply', { isReadOnly, isCurrent })
  const label = labelOfApply(view.plan)

  const apply = async (confirmation: Confirmation | null): Promise<void> => {
    setRunning(true)
    setFailure(null)
    const reply = await api.request('run.start', { planId, confirmation })
    setRunning(false)
    if (reply.ok) {
      navigate(routeTo('runs', { id: reply.value.runId }))
    } else if (reply.failure.kind === 'plan_void') {
      setAsking(false)
      onVoid(reply.failure.moved)
    } else {
      setFailure(reply.failure)
    }
  }
  return (
    <div className={styles.decide}>
      <div className={styles.choices}>
        <span data-next>
          <Button
            kind={isStopped ? 'plain' : 'primary'}
            onPress={() => {
              setFailure(null)
              if (level >= 2) setAsking(true)
              else void apply(null)
            }}
            isBusy={isRunning}
            refusal={refusal}
          >
            {label}
          </Button>
        </span>
      </div>
      {refusal !== null && <p className={styles.refusal}>{refusal}</p>}
      {failure && !isAsking && <FailureNotice failure={failure} effect="Nothing was started." />}
      <ConfirmationNote
        action="Applying"
        level={level}
        more="The run judges every gate again, and compares the plan with the fleet under its lock."
      />
      {isAsking && environment && (
        <ConfirmDialog
          title={label}
          level={level}
          environment={environment}
          isDangerous={environment.protection === 'production'}
          isBusy={isRunning}
          failure={failure}
          onConfirm={confirmation => void apply(confirmation)}
          onClose={() => setAsking(false)}
        >
          <ConsequenceText view={view} />
        </ConfirmDialog>
      )}
    </div>
  )
}
