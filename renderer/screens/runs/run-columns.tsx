import type { RunSummary } from '../../../shared/api/run-view.ts'
import { formatDuration } from '../../../shared/text/plain-words.ts'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { statusOfOutcome } from '../../status/status.ts'
import { wordOfOutcome } from '../../status/words.ts'
import type { Column } from '../../ui/data-table.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './run-columns.module.css'

interface Selection {
  readonly selected: ReadonlySet<string>
  readonly onToggle: (runId: string) => void
}

/** The columns of the history. */
export function listRunColumns(selection: Selection): readonly Column<RunSummary>[] {
  return [
    {
      id: 'outcome',
      title: 'Outcome',
      width: 'minmax(170px, 1fr)',
      cell: run => <OutcomeCell run={run} selection={selection} />,
    },
    {
      id: 'run',
      title: 'Run',
      width: '112px',
      cell: ({ runId }) => (
        <Link to={routeTo('runs', { id: runId })} className="mono">
          <span title={runId}>{runId.slice(0, 10)}</span>
        </Link>
      ),
    },
    {
      id: 'project',
      title: 'Project',
      width: 'minmax(120px, 1fr)',
      cell: ({ project }) =>
        project === null ? <span className="quiet">unknown</span> : <span title={project}>{project}</span>,
    },
    {
      id: 'started',
      title: 'Started',
      width: '200px',
      cell: ({ startedAt }) =>
        startedAt === null ? <span className="quiet">no beginning</span> : <Time at={startedAt} hasDate />,
    },
    {
      id: 'took',
      title: 'Took',
      width: '96px',
      cell: ({ durationMs }) => (durationMs == null ? '' : formatDuration(durationMs)),
    },
    {
      id: 'exit',
      title: 'Exit code',
      width: '88px',
      cell: ({ exitCode }) => (exitCode === null ? <span className="quiet">none</span> : exitCode),
    },
    {
      id: 'remark',
      title: 'Remark',
      width: 'minmax(120px, 2fr)',
      cell: run => <RemarkCell run={run} />,
    },
  ]
}

function OutcomeCell({ run, selection }: { readonly run: RunSummary; readonly selection: Selection }) {
  const { runId, outcome, alive, damage, undoes } = run
  return (
    <span className={styles.outcome}>
      <label className={styles.box}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selection.selected.has(runId)}
          aria-label={`Select run ${runId.slice(0, 10)}`}
          onClick={event => event.stopPropagation()}
          onChange={() => selection.onToggle(runId)}
        />
      </label>
      {damage !== null && outcome === null ? (
        <StatusMark status="errored" word="cannot be read" />
      ) : (
        <StatusMark status={statusOfOutcome(outcome, alive)} word={wordOfOutcome(outcome, alive, undoes)} />
      )}
    </span>
  )
}

function RemarkCell({ run: { isImported, damage, undoes } }: { readonly run: RunSummary }) {
  return (
    <>
      {undoes != null && (
        <span>
          undoes{' '}
          <Link to={routeTo('runs', { id: undoes })} className="mono">
            <span title={undoes}>{undoes.slice(0, 10)}</span>
          </Link>{' '}
        </span>
      )}
      {isImported && <span className={styles.badge}>from a file</span>}
      {damage !== null && (
        <span className={styles.damage} title={damage}>
          log is damaged: {damage}
        </span>
      )}
    </>
  )
}
