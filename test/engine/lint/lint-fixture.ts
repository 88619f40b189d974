import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { lintPlan } from '../../../electron/engine/lint/lint-plan.ts'
import type { PolicyFacts, TableFacts, TableShape } from '../../../electron/engine/ports/schema-facts.ts'
import type { LintSettings } from '../../../electron/settings/policy.ts'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { Plan, PlannedStep } from '../../../shared/plan/plan.ts'
import { readDirectives } from '../../../shared/sql/read-directives.ts'
import { columnType } from '../catalog-items.ts'
import { createFakeClock, defaults, observed } from '../gates/fake-context.ts'
import { digest, makePlanned, makeStep, makeTenant } from '../sample-plans.ts'

export const parser = createSqlParser()

type Column = TableShape['columns'][number]
const column = (name: string, type: string, isNotNull = false): Column => ({
  name,
  type: columnType(type),
  isNotNull,
})
const index = (name: string, columns: readonly string[], isUnique = false) => ({
  name,
  columns,
  isUnique,
  isValid: true,
  isWhole: true,
  method: 'btree',
})

/** A shop whose orders are many. */
export const shapes: readonly TableShape[] = [
  {
    table: 'public.orders',
    kind: 'r',
    columns: [
      column('id', 'integer', true),
      column('customer_id', 'bigint', true),
      column('note', 'character varying(20)'),
      column('total', 'integer'),
      column('doubled', 'integer'),
      column('placed_at', 'timestamp with time zone', true),
    ],
    constraints: [],
    indexes: [
      index('orders_id_idx', ['id'], true),
      index('orders_note_idx', ['note'], true),
      index('orders_placed_at_idx', ['placed_at']),
    ],
  },
  {
    table: 'public.customers',
    kind: 'r',
    columns: [column('id', 'bigint', true)],
    constraints: [],
    indexes: [],
  },
]

/** The sizes of its tables. */
export const sizes: readonly TableFacts[] = [
  { table: 'public.orders', rows: 2_100_000, bytes: 400_000_000 },
  { table: 'public.order_stats', rows: 2_000_000, bytes: 90_000_000 },
  { table: 'public.customers', rows: 25_000, bytes: 3_000_000 },
  { table: 'public.notes', rows: 12, bytes: 16_384 },
]

/** What a test of the rules may change. */
export interface LintChanges {
  readonly settings?: Partial<LintSettings>
  readonly sizes?: readonly TableFacts[]
  readonly shapes?: readonly TableShape[]
  readonly policies?: PolicyFacts
  readonly version?: number
  readonly plan?: Partial<Plan>
  readonly rehearsal?: Rehearsal
}

/** Makes the step of a file of SQL, as its adapter does. */
export async function stepOf(revision: string, sql: string): Promise<PlannedStep> {
  const facts = await parser.describe(sql)
  const outside = facts.find(fact => !fact.transactional)
  const isOutside = outside !== undefined && facts.length === facts.filter(fact => !fact.transactional).length
  return makeStep(revision, {
    file: `migrations/${revision}.sql`,
    transactional: !isOutside,
    reason: outside?.reason ?? '',
    statements: facts.map(({ sql: text, tables, line }) => ({ sql: text, tables, line })),
    directives: readDirectives(sql, facts),
  })
}

/** Holds steps against every rule. */
export async function lintSteps(
  steps: readonly PlannedStep[],
  changes: LintChanges = {},
): Promise<readonly PlanFinding[]> {
  const plan = makePlanned({
    routes: [{ id: 'from-0001', from: ['0001'], to: ['0002'], steps }],
    groups: [
      {
        name: 'all',
        wave: 1,
        mode: 'atomic',
        modeReason: '',
        parallel: 4,
        tenants: [makeTenant('acorn'), makeTenant('birch')],
      },
    ],
    ...changes.plan,
  })
  const topology = {
    clusters: [
      {
        name: 'main',
        primary: observed('primary', null, { version: changes.version ?? 160004 }),
        standbys: [],
      },
    ],
    tenants: plan.groups
      .flatMap(group => group.tenants)
      .map(({ tenant, database }) => ({ name: tenant, cluster: 'main', database, appRole: null })),
  }
  return await lintPlan(
    {
      plan,
      topology,
      settings: { ...defaults.lint, ...changes.settings },
      rehearsal: changes.rehearsal ?? null,
    },
    {
      schemaFacts: {
        readTables: async () => changes.sizes ?? sizes,
        readShapes: async () => changes.shapes ?? shapes,
        readPolicies: async () => changes.policies ?? { bypasses: false, tables: [] },
      },
      parser,
      digest,
      clock: createFakeClock(),
    },
    new AbortController().signal,
  )
}

/** Holds one file of SQL against every rule. */
export async function lintSql(sql: string, changes: LintChanges = {}): Promise<readonly PlanFinding[]> {
  return lintSteps([await stepOf('0002', sql)], changes)
}

/** What one rule finds in a file of SQL. */
export async function findingsOf(
  rule: string,
  sql: string,
  changes: LintChanges = {},
): Promise<readonly PlanFinding[]> {
  return (await lintSql(sql, changes)).filter(finding => finding.rule === rule)
}
