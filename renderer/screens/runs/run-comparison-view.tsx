import type { ComparisonRow, RunComparison, RunSummary } from '../../../shared/api/run-view.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { statusOfOutcome } from '../../status/status.ts'
import { wordOfOutcome } from '../../status/words.ts'
import { useRequest } from '../../store/use-request.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Time } from '../../ui/time.tsx'
import { nameRow, sayComparison, sortComparison } from './comparison-words.ts'
import styles from './run-comparison-view.module.css'

interface RunComparisonViewProps {
  readonly left: string
  readonly right: string
}

/** Two runs side by side: what differs first, what is equal folded, and the tenants that ended differently. */
export function RunComparisonView({ left, right }: RunComparisonViewProps) {
  const comparison = useRequest('run.compare', { left, right })
  const { value } = comparison
  useTitle('Two runs compared')
  return (
    <div className={styles.screen}>
      <header className={styles.header}>
        <p>
          <Link to={routeTo('runs')}>All runs</Link>
        </p>
        <h1 tabIndex={-1}>{value === null ? 'Two runs compared' : sayComparison(sortComparison(value))}</h1>
      </header>
      <Panel
        title="What differs"
        loadable={comparison}
        waitingFor="both logs"
        rows={8}
        effect="Both runs stay as they are; each can still be opened alone."
      >
        {found => <Differences comparison={found} />}
      </Panel>
      {value && <Tenants comparison={value} />}
    </div>
  )
}

function Differences({ comparison }: { readonly comparison: RunComparison }) {
  const { differing, equal } = sortComparison(comparison)
  return (
    <div className={styles.tables}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keys. */}
      <section className={styles.scroller} tabIndex={0} aria-label="Both runs, point by point">
        <table>
          <thead>
            <tr>
              <th scope="col">Point</th>
              <th scope="col">
                <RunHeading side="Left" run={comparison.left} />
              </th>
              <th scope="col">
                <RunHeading side="Right" run={comparison.right} />
              </th>
            </tr>
          </thead>
          <tbody>
            {differing.map(row => (
              <Row key={`${row.topic} ${row.name}`} row={row} />
            ))}
            {differing.length === 0 && (
              <tr>
                <td colSpan={3}>Nothing differs.</td>
              </tr>
            )}
          </tbody>
        </table>
      </section>
      {equal.length > 0 && (
        <details>
          <summary>{equal.length === 1 ? '1 point is equal' : `${equal.length} points are equal`}</summary>
          <dl className={styles.equal}>
            {equal.map(row => (
              <div key={`${row.topic} ${row.name}`}>
                <dt>{nameRow(row)}</dt>
                <dd>{row.left}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  )
}

function Row({ row }: { readonly row: ComparisonRow }) {
  return (
    <tr>
      <th scope="row">{nameRow(row)}</th>
      <td>{row.left}</td>
      <td>{row.right}</td>
    </tr>
  )
}

function RunHeading({ side, run }: { readonly side: string; readonly run: RunSummary }) {
  return (
    <span className={styles.run}>
      <span className="visually-hidden">{side}: </span>
      <Link to={routeTo('runs', { id: run.runId })} className="mono">
        <span title={run.runId}>{run.runId.slice(0, 10)}</span>
      </Link>
      <StatusMark
        status={statusOfOutcome(run.outcome, run.alive)}
        word={wordOfOutcome(run.outcome, run.alive, run.undoes)}
      />
      {run.startedAt !== null && <Time at={run.startedAt} hasDate />}
    </span>
  )
}

type TenantRow = RunComparison['tenants'][number]

function Tenants({ comparison }: { readonly comparison: RunComparison }) {
  const { tenants } = sortComparison(comparison)
  return (
    <section className={styles.tenants} aria-labelledby="tenants-compared">
      <h2 id="tenants-compared">Tenants that ended differently</h2>
      {tenants.length === 0 ? (
        <p className="quiet">Every tenant ended the same way in both.</p>
      ) : (
        <DataTable<TenantRow>
          label="Tenants that ended differently"
          keyOf={row => row.tenant}
          rows={tenants}
          columns={[
            {
              id: 'tenant',
              title: 'Tenant',
              width: 'minmax(140px, 1fr)',
              cell: row => <span title={row.tenant}>{row.tenant}</span>,
            },
            {
              id: 'left',
              title: comparison.left.runId.slice(0, 10),
              width: 'minmax(160px, 2fr)',
              cell: row => row.left,
            },
            {
              id: 'right',
              title: comparison.right.runId.slice(0, 10),
              width: 'minmax(160px, 2fr)',
              cell: row => row.right,
            },
          ]}
        />
      )}
    </section>
  )
}
