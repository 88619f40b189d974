import type { PlanRecord, PlanView, Possibility } from '../../../../shared/api/plan-view.ts'
import { describeFailure } from '../../../../shared/failure/describe-failure.ts'
import type { Action } from '../../../../shared/plan/confirmation-level.ts'
import type { MigrationRoute, Plan, PlannedTenant } from '../../../../shared/plan/plan.ts'
import { listMigrating } from '../../../../shared/plan/plan-selectors.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf, formatHeads } from '../../../../shared/text/plain-words.ts'
import type { Status } from '../../../status/status.ts'

/** How many different revisions a plan applies, whatever route they lie on. */
export function countMigrations({ routes }: Plan): number {
  return new Set(routes.flatMap(route => route.steps.map(step => step.revision))).size
}

/** How many tenants a plan moves; those at the target already do not count. */
export function countMigrating(plan: Plan): number {
  return listMigrating(plan).length
}

/** How many tenants a plan knows, moved or not. */
export function countTenants({ groups }: Plan): number {
  return groups.reduce((sum, group) => sum + group.tenants.length, 0)
}

/** The tenants that go a route. */
export function tenantsOnRoute(plan: Plan, route: MigrationRoute): readonly PlannedTenant[] {
  return listMigrating(plan).filter(tenant => tenant.route === route.id)
}

/** What applying does, as the button says it: "Apply 2 migrations to 6 tenants". */
export function labelOfApply(plan: Plan): string {
  return `Apply ${countOf(countMigrations(plan), 'migration')} to ${countOf(countMigrating(plan), 'tenant')}`
}

/** What approving means, as the button says it. */
export function labelOfApprove(plan: Plan): string {
  return `Approve ${countOf(countMigrations(plan), 'migration')} for ${countOf(countMigrating(plan), 'tenant')}`
}

/** What moved since the plan was made; empty while it holds, or while that was not compared. */
export function movedOf({ moved, record }: PlanView): readonly string[] {
  return record.moved.length > 0 ? record.moved : (moved ?? [])
}

/** Says whether the plan does not fit the fleet any more. */
export function isVoid(view: PlanView): boolean {
  const isOpen = view.record.state === 'waiting' || view.record.state === 'approved'
  return view.record.state === 'void' || (isOpen && movedOf(view).length > 0)
}

/** The answer of the screen in one sentence: what the plan does, and where it stands. */
export function titleOfPlan(view: PlanView): string {
  const { plan } = view
  const target = formatHeads(plan.target)
  if (plan.routes.length === 0)
    return `Nothing to do: ${countOf(countTenants(plan), 'tenant')} at ${target} already`
  const what = `Migrate ${countOf(countMigrating(plan), 'tenant')} to ${target}`
  return `${what}: ${isVoid(view) ? 'void, something moved' : wordOfRecord(view.record.state)}`
}

function wordOfRecord(state: PlanRecord['state']): string {
  switch (state) {
    case 'waiting':
      return 'waits for approval'
    case 'approved':
      return 'approved, not applied yet'
    case 'rejected':
      return 'rejected'
    case 'void':
      return 'void, something moved'
    case 'started':
      return 'started as a run'
    default:
      return assertNever(state)
  }
}

/** The state of a plan among the eleven that the dashboard shows. */
export function statusOfPlan(view: PlanView): Status {
  if (view.plan.routes.length === 0) return 'skipped'
  if (isVoid(view)) return 'cancelled'
  switch (view.record.state) {
    case 'waiting':
      return 'waiting'
    case 'approved':
      return 'passed'
    case 'rejected':
    case 'void':
      return 'cancelled'
    case 'started':
      return 'running'
    default:
      return assertNever(view.record.state)
  }
}

/** The engine's answer to whether something may be done; without one, nothing may. */
export function possibilityOf(view: PlanView, action: Action): Possibility {
  const found = view.possible.find(one => one.action === action)
  if (found) return found
  const reason = 'The engine does not say whether it may be done.'
  return { action, level: 3, refusal: { kind: 'not_possible', action, reason } }
}

/** Why something cannot be done now, in the engine's words; null when it can. */
export function refusalOf(
  view: PlanView,
  action: Action,
  { isReadOnly, isCurrent }: { readonly isReadOnly: boolean; readonly isCurrent: boolean },
): string | null {
  if (isReadOnly) return sentencesOf({ kind: 'read_only', action: `${action} a plan` })
  if (!isCurrent) return 'What is shown here is not current: refresh first.'
  const { refusal } = possibilityOf(view, action)
  return refusal === null ? null : sentencesOf(refusal)
}

function sentencesOf(failure: NonNullable<Possibility['refusal']>): string {
  const { what, why } = describeFailure(failure)
  return [what, why].filter(Boolean).join(' ')
}

/** What a group's mode promises, in words. */
export function describeMode(mode: Plan['groups'][number]['mode']): string {
  switch (mode) {
    case 'atomic':
      return 'All tenants of the group or none, also after a crash: each votes in a prepared transaction, the decision is written down, then all commit.'
    case 'independent':
      return 'Each tenant by itself: when one fails, those before it stay migrated, and the policy of the group says whether others are begun.'
    default:
      return assertNever(mode)
  }
}

/** Who waits for whose vote, in words. */
export function describeVote(vote: Plan['vote']): string {
  switch (vote) {
    case 'fleet':
      return 'No tenant of an atomic group commits before every tenant of the whole fleet has voted.'
    case 'group':
      return 'Each group commits after its own vote: an earlier wave stays migrated when a later one fails.'
    default:
      return assertNever(vote)
  }
}

/** All statements of a route as one text, for comparing it with another. */
export function textOfRoute({ steps }: MigrationRoute): string {
  return steps
    .map(step =>
      [
        `-- ${step.revision} ${step.message}`,
        ...(step.unrendered === '' ? [] : [`-- not everything is shown: ${step.unrendered}`]),
        ...step.statements.map(({ sql }) => `${sql};`),
      ].join('\n'),
    )
    .join('\n\n')
}
