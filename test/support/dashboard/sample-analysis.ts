import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { samplePlan } from './sample-views.ts'

// The route that the Statements part shows first: the one of the most tenants.
const shared = samplePlan.groups.flatMap(group => group.tenants.map(tenant => tenant.route))
const [route] = samplePlan.routes.toSorted((a, b) => countOn(b.id) - countOn(a.id))
const step = route?.steps[0]
const revision = step?.revision ?? '0002'
const tenants = samplePlan.groups.flatMap(group => group.tenants.map(one => one.tenant))
const at = '2026-11-23T10:00:00.000Z'

const finding: PlanFinding = {
  fingerprint: 'f'.repeat(64),
  source: 'lint',
  rule: 'foreign_key_without_not_valid',
  severity: 'error',
  revision,
  statement: 0,
  place: { file: `versions/${revision}.py`, line: 14 },
  objects: ['public.invoices'],
  tenants: [],
  message: 'Adding a foreign key checks every row of public.invoices while writers wait.',
  why: 'The check reads the whole table under a lock that writers of both tables wait for.',
  remedy: 'Add the constraint NOT VALID, and validate it in a later revision.',
  saferSql:
    'alter table public.invoices add constraint invoices_customer_fk foreign key (customer_id) references public.customers not valid;\nalter table public.invoices validate constraint invoices_customer_fk',
  waived: null,
}

function countOn(id: string): number {
  return shared.filter(one => one === id).length
}

/** Findings of every weight, one of them accepted. */
export const sampleFindings: readonly PlanFinding[] = [
  finding,
  {
    ...finding,
    rule: 'object_missing',
    source: 'conflict',
    severity: 'warning',
    tenants: ['elm'],
    saferSql: null,
  },
  { ...finding, rule: 'text_over_varchar', severity: 'note', statement: 1, saferSql: null, place: null },
  { ...finding, rule: 'table_rename', waived: { by: 'policy', reason: 'nobody reads it yet' } },
]

const traced: TracedStatement = {
  revision,
  index: 0,
  sql: step?.statements[0]?.sql ?? 'select 1',
  durationMs: 12.4,
  rowCount: null,
  locks: [
    { relation: 'public.customers', kind: 'r', mode: 'ShareRowExclusiveLock', isNew: true },
    { relation: 'public.invoices', kind: 'r', mode: 'AccessExclusiveLock', isNew: true },
    { relation: 'public.plans', kind: 'r', mode: 'AccessShareLock', isNew: false },
  ],
  rewrites: ['public.invoices'],
  scans: [{ relation: 'public.invoices', rows: 52_000 }],
  invalid: ['invoices_customer_fk'],
  transactional: true,
}

/** What is known of the sample plan: findings, two classes, and a rehearsal that went well and loses data on the downgrade. */
export const sampleAnalysis: PlanAnalysis = {
  planId: samplePlan.planId,
  findings: sampleFindings,
  classes: [
    {
      fingerprint: 'a'.repeat(64),
      heads: ['0001'],
      tenants: tenants.slice(1),
      isMain: true,
      differences: [],
    },
    {
      fingerprint: 'b'.repeat(64),
      heads: ['0001'],
      tenants: tenants.slice(0, 1),
      isMain: false,
      differences: [
        {
          kind: 'index',
          object: 'public.customers_created_at_idx',
          change: 'added',
          expected: null,
          found: 'CREATE INDEX customers_created_at_idx ON public.customers USING btree (created_at)',
        },
        {
          kind: 'column',
          object: 'public.customers.email',
          change: 'changed',
          expected: 'ord=2 text not null',
          found: 'ord=2 text',
        },
      ],
    },
  ],
  quarantined: [{ tenant: 'fir', reason: 'moves to another cluster this week' }],
  rehearsal: {
    planId: samplePlan.planId,
    at,
    shadow: { kind: 'template', data: 'full', server: 'primary', why: 'nobody is connected to the tenant' },
    durationMs: 2_140,
    routes: [
      {
        route: route?.id ?? 'from-0001',
        startFingerprint: 'a'.repeat(64),
        representative: tenants[1] ?? 'birch',
        tenants: tenants.slice(1),
        statements: [traced, { ...traced, index: 1, locks: [], rewrites: [], scans: [], invalid: [] }],
        endFingerprint: 'c'.repeat(64),
        durationMs: 840,
        reversibility: { verdict: 'lossy', evidence: ['12 values of public.customers.locale would be lost'] },
        problem: null,
        passedOver: [{ tenant: tenants[2] ?? 'cedar', reason: 'default_transaction_read_only is on' }],
        vote: {
          verdict: 'refused',
          evidence: [
            'cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY',
            "revision 0002, line 4: select pg_notify('api', 'reload')",
          ],
        },
        beyond: { changes: [], unread: ['passwords of roles'] },
      },
      {
        route: route?.id ?? 'from-0001',
        startFingerprint: 'b'.repeat(64),
        representative: tenants[0] ?? 'acme',
        tenants: tenants.slice(0, 1),
        statements: [],
        endFingerprint: null,
        durationMs: 20,
        reversibility: { verdict: 'not_tried', evidence: [] },
        problem: 'relation "public.invoices" does not exist',
        beyond: { changes: ['role app: rolcanlogin true -> false'], unread: [] },
      },
    ],
  },
  notRehearsed: '',
  forecast: [
    {
      server: 'standby-1',
      cluster: 'main',
      effect: 'clear',
      maxDelayMs: 30_000,
      hotStandbyFeedback: false,
      queries: [],
    },
    {
      server: 'standby-2',
      cluster: 'main',
      effect: 'cancel',
      maxDelayMs: 30_000,
      hotStandbyFeedback: true,
      queries: [{ pid: 4_711, application: 'reports', ageSeconds: 340, tables: ['public.invoices'] }],
    },
  ],
  subscribers: [
    {
      tenant: tenants[1] ?? 'birch',
      slot: 'reports',
      server: 'reports',
      subscription: 'orders_for_reports',
      differences: [{ kind: 'lacks_column', object: 'public.orders.note' }],
    },
  ],
}
