import { useMemo } from 'react'
import type { ProtocolView } from '../../../../shared/api/protocol-view.ts'
import type { RunView } from '../../../../shared/api/run-view.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { summarizeSeries } from '../../../lag/describe-lag.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { nameRunbook, useRunbook } from '../../../runbook/use-runbook.ts'
import { useNow } from '../../../store/use-now.ts'
import type { Loadable } from '../../../store/use-request.ts'
import { Button } from '../../../ui/button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { stageOf } from '../header/describe-run.ts'
import { RollBackPanel } from '../rollback/roll-back-panel.tsx'
import styles from '../run-screen.module.css'
import { findFirstFailure } from './find-first-failure.ts'
import { listPhases } from './list-phases.ts'
import { PhaseRail } from './phase-rail.tsx'
import { TenantStrip } from './tenant-strip.tsx'

interface RunOverviewProps {
  readonly view: RunView
  readonly onOpenFailure: () => void
}

/** The run at a glance: its phases, what failed first, its tenants and how far the standbys are behind. */
export function RunOverview({ view, onOpenFailure }: RunOverviewProps) {
  const { state, summary, lag } = view
  const isAlive = stageOf(view) === 'at_work'
  const now = useNow()
  const until = isAlive ? new Date(now).toISOString() : (state.lastAt ?? '')
  const stops = useMemo(() => listPhases(state, isAlive, until), [state, isAlive, until])
  const first = findFirstFailure(state)
  const runbook = useRunbook()
  return (
    <div className={styles.overview}>
      <section className={styles.part} aria-labelledby="run-phases">
        <h2 id="run-phases">Phases</h2>
        <PhaseRail stops={stops} runbook={runbook.value} />
        <RunbookNote runbook={runbook} />
      </section>
      <div className={styles.side}>
        {first !== null && (
          <section className={styles.failure} aria-labelledby="run-failure">
            <h2 id="run-failure">What failed first</h2>
            <p>
              <strong>{first.where}</strong>
            </p>
            <p>{first.what}</p>
            {first.fix !== '' && (
              <p>
                <span className="quiet">Fix: </span>
                {first.fix}
              </p>
            )}
            <div className={styles.actions}>
              <Button kind="primary" onPress={onOpenFailure}>
                Open the failure
              </Button>
            </div>
          </section>
        )}
        {state.tenants.length > 0 && (
          <section className={styles.part} aria-labelledby="run-tenants">
            <h2 id="run-tenants">{countOf(state.tenants.length, 'tenant')}</h2>
            <TenantStrip runId={summary.runId} tenants={state.tenants} />
          </section>
        )}
        <section className={styles.part} aria-labelledby="run-lag">
          <h2 id="run-lag">Lag</h2>
          {lag.length === 0 ? (
            <p className="quiet">No standby was sampled in this run.</p>
          ) : (
            <ul className={styles.lines}>
              {lag.map(series => (
                <li key={series.server}>
                  <Link
                    to={routeTo('runs', { id: summary.runId, tab: 'lag', query: { standby: series.server } })}
                  >
                    {series.server}
                  </Link>{' '}
                  {summarizeSeries(series).replace(`${series.server} `, '')}
                </li>
              ))}
            </ul>
          )}
        </section>
        <RollBackPanel view={view} />
      </div>
    </div>
  )
}

/** Where the words beside the phases come from, or why there are none. */
function RunbookNote({ runbook }: { readonly runbook: Loadable<ProtocolView> }) {
  const { value, failure, reload } = runbook
  if (failure !== null)
    return (
      <FailureNotice
        failure={failure}
        effect="The runbook is not shown beside the phases; the run is as it is shown."
        onRetry={reload}
      />
    )
  if (value === null) return <p className="quiet">Reading the runbook.</p>
  if (value.phases.every(one => one.prose === ''))
    return <p className="quiet">{`${nameRunbook(value)} says nothing to people about the phases.`}</p>
  return <p className="quiet">{`A phase opens to its runbook, from ${nameRunbook(value)} as it is now.`}</p>
}
