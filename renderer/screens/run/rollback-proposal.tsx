import { assertNever } from '../../../shared/assert-never.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { RollbackProposal, TenantRollback } from '../../../shared/rollback.ts'
import { StatusMark } from '../../parts/status-mark.tsx'
import styles from './roll-back-panel.module.css'

/** How each tenant would go back, what that rests on, and what it would lose. */
export function RollbackProposalView({ proposal }: { readonly proposal: RollbackProposal }) {
  return (
    <>
      <p>
        <StatusMark {...verdictOf(proposal)} />
      </p>
      {proposal.refusal !== null && <p>{proposal.refusal}</p>}
      <ul className={styles.tenants} aria-label="How each tenant would go back">
        {proposal.tenants.map(one => (
          <li key={one.tenant}>
            <TenantWay one={one} />
          </li>
        ))}
      </ul>
    </>
  )
}

function TenantWay({ one }: { readonly one: TenantRollback }) {
  return (
    <details className={styles.tenant}>
      <summary>
        <strong>{one.tenant}</strong>
        <span>{describeWay(one)}</span>
        {one.losses.length > 0 && <StatusMark status="warned" word={one.losses[0]} />}
        {one.refusal !== null && <StatusMark status="failed" word={one.refusal} />}
      </summary>
      <ul className={styles.facts}>
        {[...one.losses.slice(1), ...one.evidence].map(fact => (
          <li key={fact}>{fact}</li>
        ))}
        {one.rowsLost !== null && one.rowsLost > 0 && (
          <li>{`${countOf(one.rowsLost, 'row')} written since the run would be lost`}</li>
        )}
      </ul>
    </details>
  )
}

function describeWay({ way }: TenantRollback): string {
  switch (way) {
    case 'downgrade':
      return 'by the rehearsed way down'
    case 'snapshot':
      return 'by its verified snapshot'
    case 'none':
      return 'no way back'
    default:
      return assertNever(way)
  }
}

function verdictOf({ refusal, isLossless }: RollbackProposal) {
  if (refusal !== null) return { status: 'failed', word: 'cannot be rolled back' } as const
  return isLossless
    ? ({ status: 'passed', word: 'can be rolled back, and nothing is lost' } as const)
    : ({ status: 'warned', word: 'can be rolled back, and loses data' } as const)
}
