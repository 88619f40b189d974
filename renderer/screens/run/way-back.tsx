import { useState } from 'react'
import type { RunView } from '../../../shared/api/run-view.ts'
import type { Confirmation } from '../../../shared/friction.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { RollbackProposal } from '../../../shared/rollback.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { FailureNotice } from '../../parts/failure-notice.tsx'
import { NotYetJudgedNotice } from '../../parts/not-yet-judged-notice.tsx'
import { ProgressLines } from '../../parts/progress-lines.tsx'
import { useDashboard } from '../../store/dashboard-context.tsx'
import styles from './roll-back-panel.module.css'
import { RollbackProposalView } from './rollback-proposal.tsx'
import { useRefusals } from './run-controls.tsx'
import runStyles from './run-screen.module.css'
import { useRollBack } from './use-roll-back.ts'

interface WayBackProps {
  readonly view: RunView
}

/** The way back of a committed run: looked into first, with its cost in words, and gone only then. */
export function WayBack({ view }: WayBackProps) {
  const { rollback, summary } = view
  const back = useRollBack(summary.runId)
  const proposal = back.proposal ?? ('state' in rollback ? null : rollback)
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  return (
    <>
      {proposal !== null && <RollbackProposalView proposal={proposal} />}
      {proposal === null && 'state' in rollback && (
        <NotYetJudgedNotice title="The way back" judgement={rollback} />
      )}
      {back.isProposing && <ProgressLines title="Looking into the way back" lines={back.lines} />}
      {back.proposalFailure && (
        <FailureNotice failure={back.proposalFailure} effect="Nothing was changed." onRetry={back.propose} />
      )}
      <div className={runStyles.actions}>
        <Button
          isBusy={back.isProposing}
          refusal={isReadOnly ? 'this session only reads' : null}
          onPress={back.propose}
        >
          {proposal === null ? 'Look into the way back' : 'Look again'}
        </Button>
      </div>
      {proposal !== null && proposal.refusal === null && (
        <GoBack view={view} proposal={proposal} back={back} />
      )}
    </>
  )
}

interface GoBackProps {
  readonly view: RunView
  readonly proposal: RollbackProposal
  readonly back: ReturnType<typeof useRollBack>
}

function GoBack({ view, proposal, back }: GoBackProps) {
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  const refusalOf = useRefusals(view)
  const level = view.possible.find(one => one.action === 'roll_back')?.level ?? 2
  const title = `Roll back ${countOf(proposal.tenants.length, 'tenant')}`
  const loss = proposal.isLossless ? null : reason.trim()
  const start = (confirmation: Confirmation | null): void => back.start(proposal, confirmation, loss)
  const refusal =
    refusalOf('roll_back') ??
    (loss !== null && loss.length < 3 ? 'say first why what is named above may be lost' : null)
  return (
    <>
      {!proposal.isLossless && (
        <label className={styles.loss}>
          <span>Why may that be lost? It is kept in the log of the rollback.</span>
          <textarea value={reason} rows={2} onChange={event => setReason(event.target.value)} />
        </label>
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
      {back.startFailure && !isAsking && (
        <FailureNotice failure={back.startFailure} effect="Nothing was rolled back." />
      )}
      {isAsking && environment !== null && (
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
            A run of its own takes every tenant back to where it was before this one, all or none of a group,
            and proves it by the fingerprints.
          </p>
          {proposal.tenants
            .filter(one => one.losses.length > 0)
            .map(one => (
              <p key={one.tenant}>{`${one.tenant} loses: ${one.losses.join('; ')}.`}</p>
            ))}
        </ConfirmDialog>
      )}
    </>
  )
}
