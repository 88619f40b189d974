import type { RunSummary } from '../../../shared/api/run-view.ts'
import { formatDuration } from '../../../shared/text/plain-words.ts'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { statusOfOutcome } from '../../status/status.ts'
import { wordOfOutcome } from '../../status/words.ts'
import { useApi } from '../../store/dashboard-context.tsx'
import type { Loadable } from '../../store/use-request.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './last-runs-panel.module.css'
import { hasFailure, openFailure } from './open-failure.ts'
import { useMakePlan } from './use-make-plan.ts'

/** The newest runs: how each ended, when, and the straight way to what failed. */
export function LastRunsPanel({ runs }: { readonly runs: Loadable<readonly RunSummary[]> }) {
  return (
    <Panel
      title="Last runs"
      loadable={runs}
      waitingFor="the list of runs"
      rows={5}
      whenEmpty={all => (all.length === 0 ? <NoRuns /> : null)}
      actions={<Link to={routeTo('runs')}>All runs</Link>}
    >
      {all => (
        <ul className={styles.list}>
          {all.map(run => (
            <Row key={run.runId} run={run} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Row({ run }: { readonly run: RunSummary }) {
  const api = useApi()
  const short = run.runId.slice(0, 10)
  return (
    <li className={styles.row}>
      <StatusMark
        status={run.damage === null ? statusOfOutcome(run.outcome, run.alive) : 'errored'}
        word={run.damage === null ? wordOfOutcome(run.outcome, run.alive, run.undoes) : 'log is damaged'}
      />
      <Link to={routeTo('runs', { id: run.runId })} className={styles.link}>
        <span className="mono" title={run.runId}>
          {short}
        </span>
      </Link>
      <span className={styles.when}>
        {run.startedAt === null ? 'no beginning' : <Time at={run.startedAt} hasDate />}
        {run.durationMs != null && <span className="quiet"> {formatDuration(run.durationMs)}</span>}
        {run.undoes != null && <span className="quiet"> undoes {run.undoes.slice(0, 10)}</span>}
        {run.isImported && <span className="quiet"> from a file</span>}
      </span>
      {hasFailure(run) && (
        <Button
          kind="quiet"
          onPress={() => void openFailure(api, run.runId)}
          label={`Open the failure of run ${short}`}
        >
          Open the failure
        </Button>
      )}
    </li>
  )
}

function NoRuns() {
  const planning = useMakePlan()
  return (
    <EmptyNotice
      title="No run yet"
      action={
        <>
          <Button onPress={planning.make} isBusy={planning.isRunning}>
            Make a plan
          </Button>
          <CopyButton text="lockstep run" label="Copy the command" kind="quiet" />
        </>
      }
    >
      <p>
        In a terminal: <code>lockstep run</code>. Here: make a plan, look at it, approve it and apply it.
      </p>
      {planning.failure && (
        <FailureNotice failure={planning.failure} effect="No plan was made, and nothing was changed." />
      )}
    </EmptyNotice>
  )
}
