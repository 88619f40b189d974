import { type ReactNode, useId, useState } from 'react'
import type { Failure } from '../../shared/failure/failure.ts'
import type { Confirmation, ConfirmationLevel } from '../../shared/plan/confirmation-level.ts'
import type { Environment } from '../../shared/plan/environment.ts'
import { Button } from './button.tsx'
import styles from './confirm-dialog.module.css'
import { Dialog } from './dialog.tsx'
import { FailureNotice } from './failure-notice.tsx'

interface ConfirmDialogProps {
  /** Verb and object with their count: "Apply 3 migrations to 412 tenants". The button says the same. */
  readonly title: string
  readonly level: ConfirmationLevel
  readonly environment: Environment
  /** What happens, to how many, and whether it can be undone. */
  readonly children: ReactNode
  readonly isDangerous?: boolean
  readonly isBusy: boolean
  readonly failure: Failure | null
  readonly onConfirm: (confirmation: Confirmation) => void
  readonly onClose: () => void
}

/** Asks as much as the engine will demand: level 2 to read, level 3 to type the environment's name and a reason. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    level,
    environment,
    children,
    isDangerous = false,
    isBusy,
    failure,
    onConfirm,
    onClose,
  } = props
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const hint = useId()
  const isNamed = level === 3
  const isMet = !isNamed || (typed === environment.name && reason.trim().length >= 3)
  const confirm = (): void =>
    onConfirm(
      isNamed ? { kind: 'named', environment: typed, reason: reason.trim() } : { kind: 'acknowledged' },
    )
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} hasFocusFirst={!isNamed}>
            Cancel
          </Button>
          <Button
            kind={isDangerous ? 'danger' : 'primary'}
            onPress={confirm}
            isBusy={isBusy}
            refusal={isMet ? null : `type ${environment.name} and a reason first`}
          >
            {title}
          </Button>
        </>
      }
    >
      <p>
        <span className="quiet">Environment: </span>
        <strong>{environment.name}</strong> ({environment.protection}; {environment.why})
      </p>
      {children}
      {isNamed && (
        <div className={styles.fields}>
          <label className={styles.field}>
            <span>Name of the environment</span>
            <input
              value={typed}
              onChange={event => setTyped(event.target.value)}
              aria-describedby={hint}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          </label>
          <p id={hint} className="quiet">
            Type <code>{environment.name}</code> exactly. Pasting is fine.
          </p>
          <label className={styles.field}>
            <span>Reason</span>
            <textarea value={reason} rows={2} onChange={event => setReason(event.target.value)} />
          </label>
        </div>
      )}
      {failure && <FailureNotice failure={failure} />}
    </Dialog>
  )
}
