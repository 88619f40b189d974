import type { LagSeries } from '../../../shared/api/topology-view.ts'
import { formatBytes } from '../../../shared/text/plain-words.ts'
import { describeSample } from '../../lag/describe-lag.ts'
import { findNewest } from '../../lag/lag-window.ts'
import { Sparkline } from '../../lag/sparkline.tsx'
import { useLagSeries } from '../../lag/use-lag-series.ts'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { useNow } from '../../store/use-now.ts'
import { formatAgo } from '../../ui/format-time.ts'
import { Panel } from '../../ui/panel.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import styles from './lag-panel.module.css'

/** A sample that is older than this is not the present any more. */
const freshMs = 10_000

/** How far each standby is behind: bytes, seconds and state, and the last minutes as a line. */
export function LagOverviewPanel() {
  const lag = useLagSeries()
  return (
    <Panel
      title="Lag of the standbys"
      loadable={lag}
      waitingFor="the samples of the standbys"
      rows={2}
      effect="No lag is shown. The gate measures it by itself before anything is changed."
      actions={<span className="quiet">last 10 minutes</span>}
      whenEmpty={series =>
        series.length === 0 ? (
          <p className="quiet">No standby is known here: nothing can fall behind.</p>
        ) : null
      }
    >
      {series => (
        <ul className={styles.list}>
          {series.map(one => (
            <Row key={`${one.cluster}/${one.server}`} series={one} to={findNewest(series)} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Row({ series, to }: { readonly series: LagSeries; readonly to: number }) {
  const { server, cluster, samples, maxBytes } = series
  const last = samples.at(-1) ?? null
  const { status, word, numbers } = describeSample(last, maxBytes)
  return (
    <li className={styles.row}>
      <Link to={routeTo('topology', { query: { server } })} className={styles.name}>
        <span title={`${server} of cluster ${cluster}`}>{server}</span>
      </Link>
      <Sparkline series={series} to={to} />
      <div className={styles.words}>
        <StatusMark status={status} word={word} />
        {numbers !== '' && (
          <span>
            {numbers}
            {maxBytes !== null && numbers !== 'no data' && (
              <span className="quiet"> (limit {formatBytes(maxBytes)})</span>
            )}
          </span>
        )}
        {last && <OldSample at={Date.parse(last.at)} />}
      </div>
    </li>
  )
}

function OldSample({ at }: { readonly at: number }) {
  const age = useNow() - at
  if (age < freshMs) return null
  return <span className={styles.old}>sampled {formatAgo(age)}</span>
}
