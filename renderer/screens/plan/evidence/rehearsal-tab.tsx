import type { RouteRehearsal, ShadowDescription } from '../../../../shared/analysis/rehearsal.ts'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { formatDuration } from '../../../../shared/text/plain-words.ts'
import foresightStyles from '../../../analysis/analysis.module.css'
import { FollowersForecast } from '../../../analysis/followers-forecast.tsx'
import { RehearsedRoute } from '../../../analysis/rehearsed-route.tsx'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import { NotYetJudgedNotice } from '../../../ui/not-yet-judged-notice.tsx'
import { ProgressLines } from '../../../ui/progress-lines.tsx'
import { Time } from '../../../ui/time.tsx'
import styles from '../evidence.module.css'
import { useRehearse } from './use-rehearse.ts'

interface RehearsalPartProps {
  readonly view: PlanView
  readonly isCurrent: boolean
  readonly onRehearsed: () => void
}

/** What the plan did on a copy: locks, rewrites and durations per statement, and what the standbys will see. */
export function RehearsalTab({ view, isCurrent, onRehearsed }: RehearsalPartProps) {
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const rehearse = useRehearse(view.plan.planId, onRehearsed)
  const rehearsal = view.analysis?.rehearsal ?? null
  const reason = view.analysis?.notRehearsed || 'This plan has not been rehearsed.'
  return (
    <>
      <h2>Rehearsal</h2>
      {rehearsal === null ? (
        <NotYetJudgedNotice title="Rehearsal" judgement={{ state: 'not_yet_judged', reason }} />
      ) : (
        <p>
          {`${describeShadow(rehearsal.shadow)} It took ${formatDuration(rehearsal.durationMs)}, `}
          <Time at={rehearsal.at} hasDate />.
        </p>
      )}
      {rehearsal === null && view.plan.routes.length > 0 && (
        <div className={styles.choosers}>
          <Button
            kind="primary"
            isBusy={rehearse.isRunning}
            refusal={whyNot(isReadOnly, isCurrent)}
            onPress={rehearse.start}
          >
            Rehearse the plan
          </Button>
          <p className="quiet">
            The plan runs on a scratch copy of one tenant of each class, up, down and up again. The tenants
            themselves are only read.
          </p>
        </div>
      )}
      {rehearse.isRunning && <ProgressLines title="Rehearsing" lines={rehearse.lines} />}
      {rehearse.failure && (
        <FailureNotice
          failure={rehearse.failure}
          effect="Nothing was rehearsed, and no tenant was changed."
          onRetry={rehearse.start}
        />
      )}
      <FollowersForecast analysis={view.analysis} />
      {rehearsal !== null && (
        <LongList
          items={failedFirst(rehearsal.routes)}
          noun="class"
          plural="classes"
          atFirst={3}
          label="Rehearsed classes"
          className={foresightStyles.findings}
        >
          {route => <RehearsedRoute route={route} />}
        </LongList>
      )}
    </>
  )
}

/** What did not run must not be among what is not shown. */
function failedFirst(routes: readonly RouteRehearsal[]): readonly RouteRehearsal[] {
  return routes.toSorted((a, b) => Number(a.problem === null) - Number(b.problem === null))
}

function whyNot(isReadOnly: boolean, isCurrent: boolean): string | null {
  if (isReadOnly) return 'this dashboard is read-only'
  return isCurrent ? null : 'what is shown here is not current: refresh first'
}

const kinds: Readonly<Record<ShadowDescription['kind'], string>> = {
  template: 'a copy of the database',
  dump: 'a copy made from a dump',
  sandbox: 'a copy in a server of our own',
}

const contents: Readonly<Record<ShadowDescription['data'], string>> = {
  schema: 'without data',
  sample: 'with a sample of the data',
  full: 'with all data',
}

function describeShadow({ kind, data, server, why }: ShadowDescription): string {
  return `Rehearsed on ${kinds[kind]} ${contents[data]}, on ${server}${why === '' ? '' : ` (${why})`}.`
}
