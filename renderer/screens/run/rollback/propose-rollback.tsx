import { useId, useState } from 'react'
import type { RunView } from '../../../../shared/api/run-view.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { NotYetJudgedNotice } from '../../../ui/not-yet-judged-notice.tsx'
import { ProgressLines } from '../../../ui/progress-lines.tsx'
import { splitWords } from '../../../ui/split-words.ts'
import runStyles from '../run-screen.module.css'
import styles from './roll-back-panel.module.css'
import { RollbackProposalView } from './rollback-proposal.tsx'
import { StartRollback } from './start-rollback.tsx'
import { useRollBack } from './use-roll-back.ts'

interface ProposeRollbackProps {
  readonly view: RunView
}

/** The rollback of a committed run: proposed first, with its cost in words, and started only then. */
export function ProposeRollback({ view }: ProposeRollbackProps) {
  const { rollback, state, summary } = view
  const [tenants, setTenants] = useState('')
  const back = useRollBack(summary.runId)
  const proposal = back.proposal ?? ('state' in rollback ? null : rollback)
  const isReadOnly = useDashboard(({ session }) => session?.readOnly ?? false)
  const propose = (): void => back.propose(splitWords(tenants))
  return (
    <>
      {proposal !== null && <RollbackProposalView key={proposal.rollbackId} proposal={proposal} />}
      {proposal === null && 'state' in rollback && (
        <NotYetJudgedNotice title="Rollback" judgement={rollback} />
      )}
      {back.isProposing && <ProgressLines title="Working out the rollback" lines={back.lines} />}
      {back.proposalFailure && (
        <FailureNotice failure={back.proposalFailure} effect="Nothing was changed." onRetry={propose} />
      )}
      {!isReadOnly && state.tenants.length > 1 && <TenantField value={tenants} onChange={setTenants} />}
      <div className={runStyles.actions}>
        <Button
          isBusy={back.isProposing}
          refusal={isReadOnly ? 'this dashboard is read-only' : null}
          onPress={propose}
        >
          {proposal === null ? 'Propose a rollback' : 'Propose again'}
        </Button>
      </div>
      {proposal !== null && proposal.refusal === null && (
        <StartRollback key={`go ${proposal.rollbackId}`} view={view} proposal={proposal} back={back} />
      )}
    </>
  )
}

interface TenantFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

function TenantField({ value, onChange }: TenantFieldProps) {
  const hint = useId()
  return (
    <div className={styles.field}>
      <label className={styles.field}>
        <span>Only these tenants</span>
        <input
          value={value}
          onChange={event => onChange(event.target.value)}
          placeholder="every tenant that is not back yet"
          aria-describedby={hint}
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <p id={hint} className="quiet">
        Names or patterns such as <code>acme*</code>, with spaces between them. The others stay where this run
        left them.
      </p>
    </div>
  )
}
