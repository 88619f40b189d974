import { useMemo } from 'react'
import type { RunView } from '../../../shared/api/run-view.ts'
import { describeFailure } from '../../../shared/describe-failure.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { RunState } from '../../../shared/run-state.ts'
import { opensTheWay } from '../../../shared/verdict.ts'
import { summarizeSeries } from '../../lag/describe-lag.ts'
import { Button } from '../../parts/button.tsx'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { useNow } from '../../store/use-now.ts'
import { stageOf } from './describe-run.ts'
import { listPhases } from './list-phases.ts'
import { PhaseRail } from './phase-rail.tsx'
import { RollBackPanel } from './roll-back-panel.tsx'
import styles from './run-screen.module.css'
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
  return (
    <div className={styles.overview}>
      <section className={styles.part} aria-labelledby="run-phases">
        <h2 id="run-phases">Phases</h2>
        <PhaseRail stops={stops} />
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
                    {summarizeSeries(series)}
                  </Link>
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

interface FirstFailure {
  readonly where: string
  readonly what: string
  readonly fix: string
}

/** What failed first, in the order of the phases: a gate, a tenant, a standby, a smoke test, or the run itself. */
function findFirstFailure(state: RunState): FirstFailure | null {
  const gate = state.gates.find(one => one.answer !== null && !opensTheWay(one.answer.verdict))
  if (gate?.answer) {
    const fact = gate.answer.evidence[0]?.fact ?? gate.answer.value
    return { where: `Gate ${gate.gate}`, what: fact, fix: gate.answer.remedy }
  }
  const failed = state.tenants
    .filter(tenant => tenant.failure !== null)
    .toSorted((left, right) => ((left.finishedAt ?? '') < (right.finishedAt ?? '') ? -1 : 1))[0]
  if (failed?.failure) {
    const { what, why, fix } = describeFailure(failed.failure)
    return { where: `Tenant ${failed.tenant}, group ${failed.group ?? 'unknown'}`, what: why || what, fix }
  }
  const standby = state.standbys.find(one => one.failure !== null)
  if (standby?.failure) {
    const { what, why, fix } = describeFailure(standby.failure)
    return { where: `Standby ${standby.server}`, what: why || what, fix }
  }
  const test = state.smokeTests.find(one => !opensTheWay(one.answer.verdict))
  if (test) return { where: `Smoke test ${test.test}`, what: test.answer.value, fix: test.answer.remedy }
  if (state.failure === null) return null
  const { what, why, fix } = describeFailure(state.failure)
  return { where: what, what: why, fix }
}
