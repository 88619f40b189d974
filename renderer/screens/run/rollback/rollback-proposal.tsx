import { groupRollbacks, type RollbackGroup } from '../../../../shared/run/group-rollbacks.ts'
import type { RollbackProposal, RollbackWay } from '../../../../shared/run/rollback.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { LongList } from '../../../ui/long-list.tsx'
import { NameList } from '../../../ui/name-list.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from './roll-back-panel.module.css'

/** How the tenants would be rolled back, what that rests on, and what it would lose: those of the same fate together. */
export function RollbackProposalView({ proposal }: { readonly proposal: RollbackProposal }) {
  const { tenants, refusal } = proposal
  const groups = worstFirst(groupRollbacks(tenants))
  return (
    <>
      <p>
        <StatusMark {...verdictOf(proposal)} />
      </p>
      {refusal !== null && <p>{refusal}</p>}
      {groups.length > 1 && <p className="quiet">{tally(proposal)}</p>}
      <LongList
        items={groups}
        noun="way"
        atFirst={12}
        label="How each tenant would be rolled back"
        className={styles.tenants}
      >
        {group => <Way group={group} />}
      </LongList>
    </>
  )
}

const namedAtOnce = 4

function Way({ group: { tenants, one } }: { readonly group: RollbackGroup }) {
  const { way, losses, evidence, refusal, rowsLost } = one
  return (
    <details className={styles.tenant}>
      <summary>
        <strong>
          {tenants.length > namedAtOnce ? countOf(tenants.length, 'tenant') : listNames(tenants)}
        </strong>
        {tenants.length > namedAtOnce && <span className="quiet">{listNames(tenants, 3)}</span>}
        <span>{describeWay(way)}</span>
        {losses.length > 0 && <StatusMark status="warned" word={losses[0]} />}
        {refusal !== null && <StatusMark status="failed" word={refusal} />}
      </summary>
      <ul className={styles.facts}>
        {tenants.length > namedAtOnce && (
          <li>
            <NameList names={tenants} what="tenants" atFirst={20} />
          </li>
        )}
        {[...losses.slice(1), ...evidence].map(fact => (
          <li key={fact}>{fact}</li>
        ))}
        {rowsLost !== null && rowsLost > 0 && (
          <li>{`${countOf(rowsLost, 'row')} written since the run would be lost${tenants.length > 1 ? ', in each' : ''}`}</li>
        )}
      </ul>
    </details>
  )
}

/** What stops, and what is lost, must not be among what is not shown. */
function worstFirst(groups: readonly RollbackGroup[]): readonly RollbackGroup[] {
  const weigh = ({ one }: RollbackGroup): number => (one.refusal !== null ? 0 : one.losses.length > 0 ? 1 : 2)
  return groups.toSorted((a, b) => weigh(a) - weigh(b))
}

/** The whole in numbers: "6 tenants: 4 by the rehearsed downgrade, 2 by a verified snapshot; 1 loses data". */
function tally({ tenants }: RollbackProposal): string {
  const ways = (['downgrade', 'snapshot', 'none'] as const).flatMap(way => {
    const count = tenants.filter(one => one.way === way).length
    return count === 0 ? [] : [`${count} ${describeWay(way)}`]
  })
  const losing = tenants.filter(one => one.losses.length > 0).length
  const loss = losing === 0 ? '' : `; ${losing} ${losing === 1 ? 'loses' : 'lose'} data`
  return `${countOf(tenants.length, 'tenant')}: ${ways.join(', ')}${loss}.`
}

function describeWay(way: RollbackWay): string {
  switch (way) {
    case 'downgrade':
      return 'by the rehearsed downgrade'
    case 'snapshot':
      return 'by a verified snapshot'
    case 'none':
      return 'no rollback possible'
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
