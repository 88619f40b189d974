import { useCallback, useRef } from 'react'
import type { PlanView } from '../../../shared/api/plan-view.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { routeTo, type ScreenRoute } from '../../route/route.ts'
import { navigate } from '../../store/navigate.ts'
import { type Loadable, useRequest } from '../../store/use-request.ts'
import { Panel } from '../../ui/panel.tsx'
import { DecisionBlock } from './decision/decision-block.tsx'
import { titleOfPlan } from './decision/plan-facts.ts'
import { EvidenceTabs } from './evidence/evidence-tabs.tsx'
import { MakePlan } from './make-plan.tsx'
import styles from './plan-screen.module.css'

interface PlanScreenProps {
  readonly route: ScreenRoute
}

/** The plan that waits, with everything that its approval rests on; or the way to make one. */
export function PlanScreen({ route }: PlanScreenProps) {
  const isNew = route.id === null && route.tab === 'new'
  const planId = route.id ?? 'last'
  const loadable = useRequest('plan.read', isNew ? null : { planId }, {
    when: event => event.type === 'plan.changed' || event.type === 'runs.changed',
  })
  const isNone = route.id === null && loadable.failure?.kind === 'plan_unknown'
  if (isNew || isNone) return <MakePlan route={route} hasNone={isNone} />
  return <PlanPage route={route} loadable={loadable} />
}

interface PlanPageProps extends PlanScreenProps {
  readonly loadable: Loadable<PlanView>
}

function PlanPage({ route, loadable }: PlanPageProps) {
  const { value, failure, reload } = loadable
  const title = value !== null ? titleOfPlan(value) : failure ? 'This plan cannot be shown' : 'Plan'
  useTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  const decided = useCallback(
    (planId: string) => {
      // The newest plan that was not rejected may be another one now: the address names this one.
      if (route.id === null) navigate(routeTo('plan', { id: planId, tab: route.tab }), 'replace')
      else reload()
      // The form that had the focus is gone: the heading says what became of it.
      heading.current?.focus()
    },
    [route, reload],
  )
  return (
    <div className={styles.screen}>
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      <Panel
        title="Decision and evidence"
        isTitleHidden
        loadable={loadable}
        waitingFor="the plan"
        rows={12}
        effect="Nothing is changed by a plan that cannot be shown."
      >
        {view => (
          <div className={styles.screen}>
            <DecisionBlock
              route={route}
              view={view}
              isCurrent={!loadable.isStale}
              onChanged={reload}
              onDecided={decided}
            />
            <EvidenceTabs route={route} view={view} isCurrent={!loadable.isStale} onRehearsed={reload} />
          </div>
        )}
      </Panel>
    </div>
  )
}
