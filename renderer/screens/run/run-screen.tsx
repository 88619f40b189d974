import type { RunView } from '../../../shared/api/run-view.ts'
import { useCommand } from '../../commands/use-command.tsx'
import { useTitle } from '../../hooks/use-title.ts'
import { type ScreenRoute, withQuery } from '../../route/route.ts'
import { wordOfOutcome } from '../../status/words.ts'
import { navigate } from '../../store/navigate.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PanelBoundary } from '../../ui/panel-boundary.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { RunHeader } from './header/run-header.tsx'
import styles from './run-screen.module.css'
import { RunTab } from './run-tab.tsx'
import { type RunTabId, runTabIds } from './run-tab-id.ts'
import { useOpenRun } from './use-open-run.ts'

/** One run, everything of it on one page: how it stands, why, and what to do. */
export function RunScreen({ route, runId }: { readonly route: ScreenRoute; readonly runId: string }) {
  const run = useOpenRun(runId)
  const { value, failure, startedAt, reload } = run
  useTitle(
    value === null
      ? `Run ${runId.slice(0, 8)}`
      : `Run ${value.summary.runId.slice(-6)} ${wordOfOutcome(value.state.outcome, value.summary.alive, value.summary.undoes)}`,
  )
  if (value === null) {
    return (
      <div className={styles.page}>
        <h1 tabIndex={-1}>Run {runId}</h1>
        {failure ? (
          <FailureNotice
            failure={failure}
            effect="Nothing about the run itself is changed by this."
            onRetry={reload}
          />
        ) : (
          <Waiting rows={10} startedAt={startedAt} waitingFor="the run" onRetry={reload} />
        )}
      </div>
    )
  }
  return (
    <div className={styles.page} data-stale={run.isStale || undefined}>
      <RunHeader view={value} run={run} />
      {failure && (
        <FailureNotice
          failure={failure}
          effect="What was read before stays in sight, and is not current."
          onRetry={reload}
        />
      )}
      {value.summary.damage !== null && (
        <div className={styles.notice} role="alert">
          <strong>The log breaks off.</strong> {value.summary.damage} What is whole is shown:{' '}
          {value.state.lastSeq} lines.
        </div>
      )}
      <RunTabs route={route} view={value} />
    </div>
  )
}

function RunTabs({ route, view }: { readonly route: ScreenRoute; readonly view: RunView }) {
  const current: RunTabId = runTabIds.find(id => id === route.tab) ?? 'overview'
  const select = (id: string): void => {
    if (id !== current) navigate({ ...route, tab: id === 'overview' ? null : id, query: {} })
  }
  useCommand('tab.1', () => select('overview'))
  useCommand('tab.2', () => select('gates'))
  useCommand('tab.3', () => select('tenants'))
  useCommand('tab.4', () => select('logs'))
  useCommand('tab.5', () => select('lag'))
  useCommand('tab.6', () => select('evidence'))
  const { state, lag } = view
  const showProblems = (): void =>
    navigate(withQuery({ ...route, tab: 'logs', query: {} }, { problems: '3' }))
  useCommand('log.problems', current === 'logs' ? null : showProblems)
  return (
    <>
      <Tabs
        label="Parts of the run"
        panelId="run-panel"
        current={current}
        onSelect={select}
        tabs={[
          { id: 'overview', label: 'Overview' },
          { id: 'gates', label: 'Gates', count: state.gates.length },
          { id: 'tenants', label: 'Tenants', count: state.tenants.length },
          { id: 'logs', label: 'Logs', count: state.lastSeq },
          { id: 'lag', label: 'Lag', count: lag.length },
          { id: 'evidence', label: 'Evidence' },
        ]}
      />
      <div id="run-panel" role="tabpanel" aria-labelledby={`run-panel-${current}`} className={styles.tab}>
        <PanelBoundary key={current} title={current}>
          <RunTab route={route} view={view} current={current} />
        </PanelBoundary>
      </div>
    </>
  )
}
