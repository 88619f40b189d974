import { useState } from 'react'
import type { Evidence } from '../../shared/verdict.ts'
import { Button } from '../parts/button.tsx'
import { Link } from '../route/link.tsx'
import { routeTo } from '../route/route.ts'
import styles from './gate-card.module.css'

const shownAtFirst = 12

interface EvidenceListProps {
  readonly evidence: readonly Evidence[]
}

/** What a verdict rests on, each fact with the way to its tenant or server; a long list says how much of it is hidden. */
export function EvidenceList({ evidence }: EvidenceListProps) {
  const [showsAll, setShowsAll] = useState(false)
  if (evidence.length === 0) return <p className="quiet">Nothing was found that would have to be shown.</p>
  const shown = showsAll ? evidence : evidence.slice(0, shownAtFirst)
  return (
    <>
      <ul className={styles.evidence}>
        {shown.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts have no name, and never move.
          <li key={index} className={styles.fact}>
            <Place item={item} />
            <span>{item.fact}</span>
          </li>
        ))}
      </ul>
      {evidence.length > shownAtFirst && (
        <p className={styles.more}>
          {!showsAll && `${evidence.length - shownAtFirst} more facts are not shown. `}
          <Button kind="quiet" onPress={() => setShowsAll(!showsAll)}>
            {showsAll ? `Show the first ${shownAtFirst}` : `Show all ${evidence.length} facts`}
          </Button>
        </p>
      )}
    </>
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
