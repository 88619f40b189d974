import { useId, useRef, useState } from 'react'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import type { Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { useAction } from '../../../store/use-action.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { ConfirmationNote } from './confirmation-note.tsx'
import { ConsequenceText } from './consequence-text.tsx'
import styles from './decision-block.module.css'
import { labelOfApprove, possibilityOf, refusalOf } from './plan-facts.ts'

interface DecideFormProps {
  readonly view: PlanView
  readonly isCurrent: boolean
  /** Whether deciding is the next thing to do. */
  readonly isNext: boolean
  readonly onDecided: (planId: string) => void
}

/** Yes or no to a plan, with the words of the person who decides; no needs a reason. */
export function DecideForm({ view, isCurrent, isNext, onDecided }: DecideFormProps) {
  const { planId } = view.plan
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? true)
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  const user = useDashboard(state => state.session?.user ?? '')
  const [comment, setComment] = useState('')
  const [isReasonMissing, setReasonMissing] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const approving = useAction('plan.approve')
  const rejecting = useAction('plan.reject')
  const { level } = possibilityOf(view, 'approve')
  const approveRefusal = refusalOf(view, 'approve', { isReadOnly, isCurrent })
  const rejectRefusal = refusalOf(view, 'reject', { isReadOnly, isCurrent })
  const label = labelOfApprove(view.plan)

  const approve = async (confirmation: Confirmation | null): Promise<void> => {
    if ((await approving.run({ planId, comment: comment.trim(), confirmation })) === null) return
    setAsking(false)
    onDecided(planId)
  }
  const reject = async (): Promise<void> => {
    if (comment.trim().length < 3) {
      setReasonMissing(true)
      field.current?.focus()
      return
    }
    if ((await rejecting.run({ planId, comment: comment.trim() })) !== null) onDecided(planId)
  }
  const refusals = [...new Set([approveRefusal, rejectRefusal])].filter(one => one !== null)
  const failure = rejecting.failure ?? (isAsking ? null : approving.failure)
  return (
    <div className={styles.decide}>
      <label className={styles.field}>
        <span>Comment, recorded with the decision; needed to reject</span>
        <textarea
          ref={field}
          rows={2}
          value={comment}
          aria-invalid={isReasonMissing || undefined}
          aria-describedby={isReasonMissing ? `${id}-problem` : undefined}
          onChange={event => {
            setComment(event.target.value)
            setReasonMissing(false)
          }}
        />
      </label>
      {isReasonMissing && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          Say in the comment why the plan is rejected: at least three letters.
        </p>
      )}
      <div className={styles.choices}>
        <span data-next={isNext || undefined}>
          <Button
            kind={isNext ? 'primary' : 'plain'}
            onPress={() => {
              approving.forget()
              if (level >= 2) setAsking(true)
              else void approve(null)
            }}
            isBusy={approving.isRunning}
            refusal={approveRefusal}
          >
            {label}
          </Button>
        </span>
        <Button onPress={() => void reject()} isBusy={rejecting.isRunning} refusal={rejectRefusal}>
          Reject this plan
        </Button>
      </div>
      {refusals.map(refusal => (
        <p key={refusal} className={styles.refusal}>
          {refusal}
        </p>
      ))}
      {failure && <FailureNotice failure={failure} effect="Nothing was decided." />}
      <ConfirmationNote
        action="Approving"
        level={level}
        more={`It is recorded as ${user}, the account of this machine, not verified.`}
      />
      {isAsking && environment && (
        <ConfirmDialog
          title={label}
          level={level}
          environment={environment}
          isBusy={approving.isRunning}
          failure={approving.failure}
          onConfirm={confirmation => void approve(confirmation)}
          onClose={() => setAsking(false)}
        >
          <p>Approving changes no database. Applying the plan then does this:</p>
          <ConsequenceText view={view} />
        </ConfirmDialog>
      )}
    </div>
  )
}
