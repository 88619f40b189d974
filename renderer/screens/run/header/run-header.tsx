import type { RunView } from '../../../../shared/api/run-view.ts'
import { millisecondsBetween } from '../../../../shared/text/milliseconds-between.ts'
import { formatDuration, formatHeads } from '../../../../shared/text/plain-words.ts'
import { saveFile } from '../../../log/save-file.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { wordOfOutcome } from '../../../status/words.ts'
import { useAction } from '../../../store/use-action.ts'
import { useNow } from '../../../store/use-now.ts'
import type { Loadable } from '../../../store/use-request.ts'
import { Age } from '../../../ui/age.tsx'
import { Button } from '../../../ui/button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { Time } from '../../../ui/time.tsx'
import styles from '../run-screen.module.css'
import { describeRun, isHeld, stageOf, statusOfRun } from './describe-run.ts'
import { RunControls } from './run-controls.tsx'

interface RunHeaderProps {
  readonly view: RunView
  readonly run: Loadable<RunView>
}

/** The answer first: how the run stands, what to do next, and who, when and what it was about. */
export function RunHeader({ view, run }: RunHeaderProps) {
  const { state, summary } = view
  const { verdict, next } = describeRun(view)
  const stage = stageOf(view)
  const word =
    stage === 'at_work' && isHeld(view)
      ? 'paused'
      : wordOfOutcome(state.outcome, summary.alive, summary.undoes)
  return (
    <header className={styles.header}>
      <div className={styles.over}>
        <StatusMark status={statusOfRun(view)} word={word} />
        <span className="quiet mono">{summary.runId}</span>
        {summary.isImported && <span className={styles.tag}>opened from a file, read only</span>}
        {run.isStale && run.at !== null && <Age at={run.at} isStale />}
      </div>
      <h1 tabIndex={-1} className={styles.verdict}>
        {verdict}
      </h1>
      {next !== '' && (
        <p>
          <span className="quiet">Next: </span>
          {next}
        </p>
      )}
      <Facts view={view} />
      <div className={styles.actions}>
        {!summary.isImported && <RunControls view={view} />}
        <ReportButton runId={summary.runId} />
      </div>
    </header>
  )
}

function Facts({ view }: { readonly view: RunView }) {
  const { state, links } = view
  const approval = state.approvals.at(-1)
  return (
    <dl className={styles.facts}>
      {state.startedAt !== null && (
        <div>
          <dt>Started</dt>
          <dd>
            <Time at={state.startedAt} hasDate />
          </dd>
        </div>
      )}
      <div>
        <dt>Duration</dt>
        <dd>
          <Duration view={view} />
        </dd>
      </div>
      {state.plan !== null && (
        <>
          <div>
            <dt>To</dt>
            <dd className="mono">{formatHeads(state.plan.target)}</dd>
          </div>
          <div>
            <dt>Plan</dt>
            <dd>
              <Link to={routeTo('plan', { id: state.plan.planId })} className={styles.plan}>
                {state.plan.planId.slice(0, 12)}
              </Link>
            </dd>
          </div>
        </>
      )}
      <div>
        <dt>Approved</dt>
        <dd>
          {approval === undefined
            ? 'by no one'
            : `${approval.by === null ? '' : `by ${approval.by}, `}${wordOfApproval(approval.how)}`}
        </dd>
      </div>
      {links.map(link => (
        <div key={link.runId}>
          <dt>{link.kind === 'rolls_back' ? 'Rolls back' : 'Rolled back by'}</dt>
          <dd>
            <Link to={routeTo('runs', { id: link.runId })}>run {link.runId}</Link>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Duration({ view: { state, summary } }: { readonly view: RunView }) {
  const now = useNow()
  if (state.durationMs !== null) return <>{formatDuration(state.durationMs)}</>
  if (state.startedAt === null) return <>not begun</>
  if (!summary.alive)
    return (
      <>
        {formatDuration(millisecondsBetween(state.startedAt, state.lastAt ?? state.startedAt))} until it was
        cut off
      </>
    )
  const since = Math.max(0, now - Date.parse(state.startedAt))
  return <>{formatDuration(Math.floor(since / 1_000) * 1_000)} so far</>
}

function wordOfApproval(how: RunView['state']['approvals'][number]['how']): string {
  switch (how) {
    case 'flag':
      return 'in advance'
    case 'prompt':
      return 'at the terminal'
    case 'named':
      return 'by its id'
    case 'api':
      return 'by the program'
  }
}

function ReportButton({ runId }: { readonly runId: string }) {
  const report = useAction('run.report')
  const save = async (): Promise<void> => {
    const answer = await report.run({ runId })
    if (answer) saveFile(`lockstep-${runId}-report.json`, answer.text, 'application/json')
  }
  return (
    <>
      <Button onPress={() => void save()} isBusy={report.isRunning}>
        Download report
      </Button>
      <Link to={routeTo('runs')} className={styles.more}>
        All runs
      </Link>
      {report.failure && <FailureNotice failure={report.failure} />}
    </>
  )
}
