import { useEffect, useRef } from 'react'
import type { OverviewView } from '../../../shared/api/overview-view.ts'
import type { NextAction, Readiness } from '../../../shared/plan/readiness.ts'
import { useCommand } from '../../commands/use-command.tsx'
import { useTitle } from '../../hooks/use-title.ts'
import { labelOfAction, routeOfAction } from '../../route/route-of-action.ts'
import { familyOf } from '../../status/status.ts'
import { useDashboard, useDashboardStore } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import type { Loadable } from '../../store/use-request.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { isUrgent, sayReadiness, statusOfReadiness, wordOfReadiness } from './readiness-words.ts'
import { useMakePlan } from './use-make-plan.ts'
import styles from './verdict-block.module.css'

/** "May I migrate now?": the verdict, the reason in words and the one next action, before everything else. */
export function VerdictBlock({ overview }: { readonly overview: Loadable<OverviewView> }) {
  const readiness = overview.value?.readiness ?? null
  const planning = useMakePlan()
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const { action } = readiness ?? { action: { kind: 'none' } as const }
  const take = actionTaker(action, planning.make)
  useCommand('go.next_action', take)
  useTitle(readiness === null ? 'Overview' : wordOfReadiness(readiness.verdict))
  useAnnouncement(readiness)
  return (
    <section
      className={styles.block}
      aria-label="May I migrate now?"
      data-family={readiness === null ? 'neutral' : familyOf(statusOfReadiness(readiness.verdict))}
    >
      <div className={styles.words}>
        <h1 tabIndex={-1}>
          {readiness === null ? (
            sayUnknown(overview)
          ) : (
            <>
              <StatusMark
                status={statusOfReadiness(readiness.verdict)}
                word={`${wordOfReadiness(readiness.verdict)}:`}
                size="large"
              />{' '}
              {readiness.reason}
            </>
          )}
        </h1>
        {overview.value !== null && (
          <p>
            <Age at={Date.parse(overview.value.observedAt)} isStale={overview.isStale} />
          </p>
        )}
      </div>
      {take && (
        <Button
          kind="primary"
          onPress={take}
          isBusy={planning.isRunning}
          refusal={isReadOnly && action.kind === 'make_plan' ? 'this dashboard is read-only' : null}
        >
          {planning.isRunning ? 'Making the plan' : labelOfAction(action)}
        </Button>
      )}
      {planning.failure && (
        <div className={styles.failure}>
          <FailureNotice failure={planning.failure} effect="No plan was made, and nothing was changed." />
        </div>
      )}
    </section>
  )
}

/** How the next action is taken; null where there is nothing to do. Making a plan changes no database. */
function actionTaker(action: NextAction, makePlan: () => void): (() => void) | null {
  if (action.kind === 'make_plan') return makePlan
  const route = routeOfAction(action)
  return route === null ? null : () => navigate(route)
}

function sayUnknown({ state }: Loadable<OverviewView>): string {
  return state === 'failed' ? 'It is not known whether you may migrate' : 'Looking whether you may migrate'
}

/** Another verdict than before is read out; the first one is read with the heading. */
function useAnnouncement(readiness: Readiness | null): void {
  const store = useDashboardStore()
  const before = useRef<string | null>(null)
  const sentence = readiness === null ? null : sayReadiness(readiness)
  const urgent = readiness !== null && isUrgent(readiness.verdict)
  useEffect(() => {
    if (sentence === null) return
    if (before.current !== null && before.current !== sentence)
      store.setState({
        announcement: urgent ? { polite: '', assertive: sentence } : { polite: sentence, assertive: '' },
      })
    before.current = sentence
  }, [store, sentence, urgent])
}
