import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { PlanView } from '../../../shared/api/plan-view.ts'
import type { RunView } from '../../../shared/api/run-view.ts'
import type { RollbackProposal, TenantRollback } from '../../../shared/run/rollback.ts'
import { sampleAnalysis, sampleFindings } from './sample-analysis.ts'
import { makeRun, sampleRunId, viewOf } from './sample-run.ts'
import { samplePlan, samplePlanView } from './sample-views.ts'

/** Names as a fleet has them. */
export function listTenantNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `tenant-${String(index).padStart(4, '0')}`)
}

/** What is known of a plan for a large fleet of which every eighth class differs, found in everything that can be long. */
export function createLargeAnalysis(tenants: number): PlanAnalysis {
  const names = listTenantNames(tenants)
  const rest = names.slice(40)
  const outliers = names.slice(0, 40).map((tenant, index) => ({
    fingerprint: `${index.toString(16).padStart(4, '0')}${'c'.repeat(60)}`,
    heads: ['0001'],
    tenants: [tenant],
    isMain: false,
    differences: index < 8 ? makeDifferences(30) : [],
  }))
  const [first] = sampleAnalysis.rehearsal?.routes ?? []
  const routes =
    first === undefined
      ? []
      : Array.from({ length: outliers.length + 1 }, (_, at) => at).map(index =>
          makeRoute(first, index, names),
        )
  return {
    ...sampleAnalysis,
    findings: Array.from({ length: 460 }, (_, index) => makeFinding(index, names)),
    classes: [
      { fingerprint: 'a'.repeat(64), heads: ['0001'], tenants: rest, isMain: true, differences: [] },
      ...outliers,
    ],
    quarantined: names.slice(0, 60).map(tenant => ({ tenant, reason: 'moves to another cluster this week' })),
    rehearsal: sampleAnalysis.rehearsal && { ...sampleAnalysis.rehearsal, routes },
    subscribers: names.map(tenant => ({
      tenant,
      slot: 'reports',
      server: 'reports',
      subscription: `orders_of_${tenant}`,
      differences: Array.from({ length: 9 }, (_, index) => ({
        kind: 'lacks_column' as const,
        object: `public.orders.note_${index}`,
      })),
    })),
  }
}

/** A plan for a large fleet, with all that is known about it. */
export function createLargePlanView(tenants: number): PlanView {
  const [group] = samplePlan.groups
  const [member] = group?.tenants ?? []
  const plan =
    group === undefined || member === undefined
      ? samplePlan
      : {
          ...samplePlan,
          groups: [
            {
              ...group,
              tenants: listTenantNames(tenants).map(tenant => ({ ...member, tenant, database: tenant })),
            },
          ],
        }
  return { ...samplePlanView, plan, analysis: createLargeAnalysis(tenants) }
}

/** A committed run over a large fleet whose gate on isolation has this many facts. */
export function createLargeRunView(tenants: number, facts: number): RunView {
  const view = viewOf(makeRun(tenants))
  const names = listTenantNames(tenants)
  const answer = {
    verdict: 'failed' as const,
    value: `${facts} ways in`,
    threshold: '0',
    evidence: Array.from({ length: facts }, (_, index) => ({
      tenant: names[index % tenants] ?? '',
      fact: `role app_${names[index % tenants]} may connect to database ${names[(index + 1) % tenants]}: connect is granted to PUBLIC, as \\l+ shows it`,
    })),
    remedy: 'revoke connect on database ... from public, then grant it to the role of the tenant alone.',
  }
  const gate = {
    gate: 'tenant_isolation',
    momentary: false,
    answer,
    durationMs: 840,
    judgedAt: view.state.startedAt,
  }
  const { findings, classes } = createLargeAnalysis(tenants)
  return {
    ...view,
    state: {
      ...view.state,
      outcome: 'migrated',
      gates: [...view.state.gates, gate] as RunView['state']['gates'],
      foreseen: { findings, classes, rehearsed: true, notRehearsed: '' },
    },
    possible: [{ action: 'roll_back', level: 2, refusal: null }],
  }
}

/** A proposal for a large fleet: most go down, some get their copy back, and some of both lose something. */
export function createLargeProposal(tenants: number): RollbackProposal {
  const point = { heads: ['0003'], fingerprint: 'f'.repeat(64) }
  const ways = listTenantNames(tenants).map(
    (tenant, index): TenantRollback => ({
      tenant,
      cluster: 'main',
      database: tenant,
      way: index % 3 === 2 ? 'snapshot' : 'downgrade',
      from: point,
      to: { heads: ['0001'], fingerprint: 'a'.repeat(64) },
      evidence: [
        'going down on a copy returned the schema of before',
        'public.customers.locale is dropped: 12 values in it were written since the run',
      ],
      rowsLost: index % 2 === 0 ? 0 : 12,
      losses: index % 2 === 0 ? [] : [`${12 + index} values of public.customers.locale`],
      refusal: null,
    }),
  )
  return { rollbackId: 'b'.repeat(64), runId: sampleRunId, tenants: ways, isLossless: false, refusal: null }
}

function makeDifferences(count: number): PlanAnalysis['classes'][number]['differences'] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'index',
    object: `public.customers_by_something_that_has_a_long_name_${index}_idx`,
    change: 'added' as const,
    expected: null,
    found: `CREATE INDEX customers_by_something_that_has_a_long_name_${index}_idx ON public.customers USING btree (created_at, lower(email), ((profile ->> 'locale'::text))) WHERE (deleted_at IS NULL)`,
  }))
}

function makeFinding(index: number, names: readonly string[]): PlanFinding {
  const finding = sampleFindings[index % sampleFindings.length] as PlanFinding
  return {
    ...finding,
    fingerprint: `${index.toString(16).padStart(4, '0')}${'d'.repeat(60)}`,
    objects: [`public.invoices_${index}`],
    message: `Adding a foreign key checks every row of public.invoices_${index} while writers wait.`,
    tenants: index % 4 === 1 ? names.slice(0, 700) : [],
  }
}

/** The first speaks for most tenants, and runs many statements under many locks. */
function makeRoute(route: RouteRehearsal, index: number, names: readonly string[]): RouteRehearsal {
  const [traced] = route.statements
  if (traced === undefined) return route
  return {
    ...route,
    startFingerprint: `${index.toString(16).padStart(4, '0')}${'e'.repeat(60)}`,
    representative: names[index === 0 ? 40 : index - 1] ?? '',
    tenants: index === 0 ? names.slice(40) : names.slice(index - 1, index),
    statements: Array.from({ length: index === 0 ? 120 : 6 }, (_, at) => ({
      ...traced,
      index: at,
      locks:
        at === 0
          ? Array.from({ length: 90 }, (_one, lock) => ({
              relation: `public.orders_of_2026_with_a_long_name_${lock}`,
              kind: 'r',
              mode: 'AccessExclusiveLock' as const,
              isNew: true,
            }))
          : traced.locks,
      rewrites:
        at === 0 ? Array.from({ length: 20 }, (_one, table) => `public.orders_of_month_${table}`) : [],
    })),
    reversibility: {
      verdict: 'lossy',
      evidence: Array.from(
        { length: 80 },
        (_, fact) => `${fact + 2} values of public.customers.attribute_${fact} would be lost`,
      ),
    },
  }
}
