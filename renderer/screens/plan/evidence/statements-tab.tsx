import type { PlanFinding } from '../../../../shared/analysis/finding.ts'
import type { Plan, MigrationRoute as PlannedRoute } from '../../../../shared/plan/plan.ts'
import { countOf, formatHeads, listNames } from '../../../../shared/text/plain-words.ts'
import { type ScreenRoute, withQuery } from '../../../route/route.ts'
import { DiffView } from '../../../sql/diff-view.tsx'
import { navigate } from '../../../store/navigate.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { tenantsOnRoute, textOfRoute } from '../decision/plan-facts.ts'
import styles from '../evidence.module.css'
import { StepView } from './step-view.tsx'

interface StatementsTabProps {
  readonly route: ScreenRoute
  readonly plan: Plan
  readonly findings: readonly PlanFinding[]
}

/** What will run, once per route: tenants that start alike share it. Two routes can be compared. */
export function StatementsTab({ route, plan, findings }: StatementsTabProps) {
  const ordered = [...plan.routes].sort(
    (a, b) => tenantsOnRoute(plan, b).length - tenantsOnRoute(plan, a).length,
  )
  const chosen = ordered.find(one => one.id === route.query.route) ?? ordered[0]
  if (chosen === undefined)
    return <EmptyNotice title="Nothing would run: every tenant is at the target already." />
  const other = ordered.find(one => one.id === route.query.compare && one.id !== chosen.id)
  const set = (changes: Readonly<Record<string, string | null>>): void =>
    navigate(withQuery({ ...route, tab: 'statements' }, changes), 'replace')
  return (
    <>
      <h2>{headingOf(plan, ordered)}</h2>
      {ordered.length > 1 && (
        <RouteChooser plan={plan} routes={ordered} chosen={chosen} other={other} onSet={set} />
      )}
      <SharedBy plan={plan} route={chosen} />
      {other ? (
        <DiffView
          left={{ title: nameOf(chosen), text: textOfRoute(chosen) }}
          right={{ title: nameOf(other), text: textOfRoute(other) }}
          mode={route.query.diff === 'split' ? 'split' : 'unified'}
          onMode={mode => set({ diff: mode === 'split' ? 'split' : null })}
        />
      ) : (
        <ol className={styles.steps}>
          {chosen.steps.map((step, index) => (
            <li key={`${chosen.id} ${step.revision}`}>
              <StepView step={step} findings={findings} isOpenAtFirst={index < 10} />
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

interface RouteChooserProps {
  readonly plan: Plan
  readonly routes: readonly PlannedRoute[]
  readonly chosen: PlannedRoute
  readonly other: PlannedRoute | undefined
  readonly onSet: (changes: Readonly<Record<string, string | null>>) => void
}

function RouteChooser({ plan, routes, chosen, other, onSet }: RouteChooserProps) {
  return (
    <div className={styles.choosers}>
      <fieldset className={styles.chips}>
        <legend>Route</legend>
        {routes.map(one => (
          <Button
            key={one.id}
            isPressed={one.id === chosen.id}
            onPress={() => onSet({ route: one.id, compare: null })}
          >
            {`${nameOf(one)}: ${countOf(tenantsOnRoute(plan, one).length, 'tenant')}`}
          </Button>
        ))}
      </fieldset>
      <fieldset className={styles.chips}>
        <legend>Compare with</legend>
        {routes
          .filter(one => one.id !== chosen.id)
          .map(one => (
            <Button
              key={one.id}
              kind="quiet"
              isPressed={one.id === other?.id}
              onPress={() => onSet({ route: chosen.id, compare: one.id === other?.id ? null : one.id })}
            >
              {nameOf(one)}
            </Button>
          ))}
      </fieldset>
    </div>
  )
}

function SharedBy({ plan, route }: { readonly plan: Plan; readonly route: PlannedRoute }) {
  const tenants = tenantsOnRoute(plan, route).map(tenant => tenant.tenant)
  const share = tenants.length === 1 ? 'goes this route' : 'share this route'
  return (
    <p className="quiet">
      {`${countOf(tenants.length, 'tenant')} ${share}: ${listNames(tenants, 8)}. From ${formatHeads(route.from)} to ${formatHeads(route.to)} in ${countOf(route.steps.length, 'step')}.`}
    </p>
  )
}

function headingOf(plan: Plan, routes: readonly PlannedRoute[]): string {
  const statements = new Map(
    routes.flatMap(route => route.steps).map(step => [step.revision, step.statements.length] as const),
  )
  const count = [...statements.values()].reduce((sum, one) => sum + one, 0)
  const partly = plan.routes.some(route => route.steps.some(step => step.unrendered !== ''))
  return `${countOf(count, 'statement')} in ${countOf(statements.size, 'revision')}${partly ? ', not all can be shown beforehand' : ''}`
}

function nameOf(route: PlannedRoute): string {
  return `from ${formatHeads(route.from)}`
}
