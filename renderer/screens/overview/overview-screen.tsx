import type { EngineEvent } from '../../../shared/api/engine-api.ts'
import { type Loadable, useRequest } from '../../store/use-request.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { AttentionPanel } from './attention-panel.tsx'
import { FleetPanel } from './fleet-panel.tsx'
import { LagOverviewPanel } from './lag-panel.tsx'
import { LastRunsPanel } from './last-runs-panel.tsx'
import styles from './overview-screen.module.css'
import { VerdictBlock } from './verdict-block.tsx'

const moving: readonly EngineEvent['type'][] = [
  'runs.changed',
  'plan.changed',
  'session.changed',
  'topology.changed',
]

/** What needs attention now: the verdict with its reason and the next action, and under it what it rests on. */
export function OverviewScreen() {
  const overview = useRequest(
    'overview.read',
    {},
    { when: event => moving.includes(event.type), everyMs: 15_000 },
  )
  const isLost = overview.value === null && overview.state === 'failed'
  // Asked for by themselves: a large fleet takes long to read, and its runs are known at once.
  const runs = useRequest('run.list', {}, { when: event => event.type === 'runs.changed' })
  const lastRuns = { ...runs, value: runs.value?.slice(0, 10) ?? null }
  const failure = overview.failure ?? overview.value?.failure ?? null
  const shown = withoutFailure(overview)
  return (
    <div className={styles.screen}>
      <VerdictBlock overview={overview} />
      {failure && <FailureNotice failure={failure} effect={effect} onRetry={overview.reload} />}
      {isLost ? (
        <LastRunsPanel runs={lastRuns} />
      ) : (
        <div className={styles.columns}>
          <AttentionPanel overview={shown} />
          <LagOverviewPanel />
          <FleetPanel overview={shown} />
          <LastRunsPanel runs={lastRuns} />
        </div>
      )}
    </div>
  )
}

const effect =
  'Nothing was changed. Runs that have been can be read; planning and migrating wait until this is solved.'

/** The failure is said once, above: the panels only show that they are not current. */
function withoutFailure<T>(loadable: Loadable<T>): Loadable<T> {
  return loadable.value === null ? loadable : { ...loadable, state: 'ready', failure: null }
}
