import { useState } from 'react'
import type { RunView } from '../../../../shared/api/run-view.ts'
import type { Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import { groupRollbacks } from '../../../../shared/run/group-rollbacks.ts'
import type { RollbackProposal } from '../../../../shared/run/rollback.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import { NameList } from '../../../ui/name-list.tsx'
import { useRefusals } from '../header/run-controls.tsx'
import runStyles from '../run-screen.module.css'
import { DisconnectChoice, listReplaced, nameReplaced } from './disconnect-choice.tsx'
import styles from './roll-back-panel.module.css'
import type { RollBack } from './use-roll-back.ts'

interface StartRollbackProps {
  readonly view: RunView
  readonly proposal: RollbackProposal
  readonly back: RollBack
}

/** Starts the rollback: with a reason where something is lost, and others' sessions ended only on request. */
export function StartRollback({ view, proposal, back }: StartRollbackProps) {
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [mayDisconnect, setMayDisconnect] = useState(false)
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  const refusalOf = useRefusals(view)
  const level = view.possible.find(one => one.action === 'roll_back')?.level ?? 2
  const title = `Roll back ${countOf(proposal.tenants.length, 'tenant')}`
  const replaced = listReplaced(proposal)
  const disconnect = mayDisconnect && replaced.length > 0
  const loss = proposal.isLossless ? null : reason.trim()
  const start = (confirmation: Confirmation | null): void =>
    back.start(proposal, { confirmation, lossReason: loss, disconnect })
  const refusal =
    refusalOf('roll_back') ??
    (loss !== null && loss.length < 3 ? 'say first why what is named above may be lost' : null)
  // What to do about it stands beside the button, not in the dialog.
  const isInUse = back.startFailure?.kind === 'tenant_in_use'
  return (
    <>
      {!proposal.isLossless && (
        <label className={styles.field}>
          <span>Why may that be lost? It is kept in the log of the rollback.</span>
          <textarea value={reason} rows={2} onChange={event => setReason(event.target.value)} />
        </label>
      )}
      {back.startFailure && (isInUse || !isAsking) && (
        <FailureNotice failure={back.startFailure} effect="Nothing was rolled back." />
      )}
      {replaced.length > 0 && (
        <DisconnectChoice tenants={replaced} isChosen={mayDisconnect} onChoose={setMayDisconnect} />
      )}
      <div className={runStyles.actions}>
        <Button
          kind="danger"
          refusal={refusal}
          isBusy={back.isStarting}
          onPress={() => {
            back.forget()
            if (level >= 2) setAsking(true)
            else start(null)
          }}
        >
          {title}
        </Button>
      </div>
      {isAsking && !isInUse && environment !== null && (
        <ConfirmDialog
          title={title}
          level={level}
          environment={environment}
          isDangerous
          isBusy={back.isStarting}
          failure={back.startFailure}
          onConfirm={start}
          onClose={() => setAsking(false)}
        >
          <p>
            A separate run takes every tenant back to where it was before this one, all or none of a group,
            and proves it by the fingerprints.
          </p>
          {disconnect && (
            <p>
              {`Others' sessions in ${nameReplaced(replaced)} are ended, and what they have not committed is rolled back.`}
            </p>
          )}
          <Losses proposal={proposal} />
        </ConfirmDialog>
      )}
    </>
  )
}

const namedAtOnce = 4

/** What is lost: a line for all that lose the same. */
function Losses({ proposal }: { readonly proposal: RollbackProposal }) {
  const losing = proposal.tenants.filter(one => one.losses.length > 0)
  if (losing.length === 0) return null
  return (
    <LongList
      items={groupRollbacks(losing)}
      noun="loss"
      plural="losses"
      atFirst={8}
      label="What is lost"
      className={styles.losses}
    >
      {({ tenants, one }) => {
        const isLong = tenants.length > namedAtOnce
        const who = isLong ? countOf(tenants.length, 'tenant') : listNames(tenants, namedAtOnce)
        return (
          <>
            {`${who} ${tenants.length === 1 ? 'loses' : 'lose, each'}: ${one.losses.join('; ')}. `}
            {isLong && (
              <span className="quiet">
                <NameList names={tenants} what="tenants" atFirst={namedAtOnce} />
              </span>
            )}
          </>
        )
      }}
    </LongList>
  )
}
