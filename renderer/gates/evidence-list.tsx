import type { Evidence } from '../../shared/plan/verdict.ts'
import { Link } from '../route/link.tsx'
import { routeTo } from '../route/route.ts'
import { LongList } from '../ui/long-list.tsx'
import styles from './gate-card.module.css'

interface EvidenceListProps {
  readonly evidence: readonly Evidence[]
}

/** What a verdict rests on, each fact with the way to its tenant or server; a long list says how much of it is hidden. */
export function EvidenceList({ evidence }: EvidenceListProps) {
  if (evidence.length === 0) return <p className="quiet">Nothing was found that would have to be shown.</p>
  return (
    <LongList
      items={evidence}
      noun="fact"
      atFirst={12}
      className={styles.evidence}
      itemClassName={styles.fact}
    >
      {item => (
        <>
          <Place item={item} />
          <span>{item.fact}</span>
        </>
      )}
    </LongList>
  )
}

function Place({ item: { tenant, server } }: { readonly item: Evidence }) {
  if (tenant !== undefined)
    return (
      <Link to={routeTo('topology', { query: { view: 'table', tenant } })} label={`Tenant ${tenant}`}>
        {tenant}
      </Link>
    )
  if (server !== undefined)
    return (
      <Link
        to={routeTo('topology', { query: { view: 'table', part: 'servers', server } })}
        label={`Server ${server}`}
      >
        {server}
      </Link>
    )
  return null
}
