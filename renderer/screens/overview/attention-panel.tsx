import { useState } from 'react'
import type { AttentionItem, OverviewView } from '../../../shared/api/overview-view.ts'
import { Link } from '../../route/link.tsx'
import { labelOfAction, routeOfAction } from '../../route/route-of-action.ts'
import type { Loadable } from '../../store/use-request.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import styles from './attention-panel.module.css'
import { countAttention, statusOfAttention, wordOfAttention } from './readiness-words.ts'

/** More than these are behind a button that says how many. */
const mostShown = 6

/** What needs attention, the worst first, each with the way to it. */
export function AttentionPanel({ overview }: { readonly overview: Loadable<OverviewView> }) {
  const counts = countAttention(overview.value?.attention ?? [])
  return (
    <Panel
      title="Needs you"
      loadable={overview}
      waitingFor="servers, plans and runs"
      rows={3}
      whenEmpty={({ attention }) =>
        attention.length === 0 ? <p className="quiet">Nothing needs you now.</p> : null
      }
      actions={counts === '' ? undefined : <span className="quiet">{counts}</span>}
    >
      {({ attention }) => <AttentionList items={attention} />}
    </Panel>
  )
}

function AttentionList({ items }: { readonly items: readonly AttentionItem[] }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? items : items.slice(0, mostShown)
  const rest = items.length - shown.length
  return (
    <>
      <ul className={styles.list}>
        {shown.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the engine's, and items have no name.
          <Row key={index} item={item} />
        ))}
      </ul>
      {rest > 0 && (
        <Button kind="quiet" onPress={() => setWhole(true)}>
          Show {rest} more
        </Button>
      )}
    </>
  )
}

function Row({ item: { kind, text, action } }: { readonly item: AttentionItem }) {
  const route = routeOfAction(action)
  const label = labelOfAction(action)
  return (
    <li className={styles.row}>
      <StatusMark status={statusOfAttention(kind)} word={wordOfAttention(kind)} />
      <span className={styles.text}>{text}</span>
      {route && (
        <Link to={route} label={`${label}: ${text}`} className={styles.link}>
          {label}
        </Link>
      )}
    </li>
  )
}
