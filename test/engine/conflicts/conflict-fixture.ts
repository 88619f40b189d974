import type { CatalogItem } from '../../../electron/catalog/catalog-item.ts'
import type { ConflictPorts } from '../../../electron/engine/conflicts/conflict-ports.ts'
import { findConflicts } from '../../../electron/engine/conflicts/find-conflicts.ts'
import type { Dependent } from '../../../electron/engine/ports/dependents.ts'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan, PlannedStep } from '../../../shared/plan/plan.ts'
import { item } from '../catalog-items.ts'
import { observed } from '../gates/fake-context.ts'
import { parser, stepOf } from '../lint/lint-fixture.ts'
import { digest, makePlanned, makeTenant } from '../sample-plans.ts'

/** A shop: orders of customers, in the schema that every tenant has. */
export const shop: readonly CatalogItem[] = [
  item('schema', 'public'),
  item('table', 'public.orders', 'kind=r persistence=p'),
  item('column', 'public.orders.id', 'integer not null'),
  item('column', 'public.orders.note', 'character varying(20)', { tail: 'after=id' }),
  item('column', 'public.orders.total', 'integer', { tail: 'after=note' }),
  item('constraint', 'public.orders.orders_pkey', 'PRIMARY KEY (id) valid=1'),
  item('index', 'public.orders_pkey', 'CREATE UNIQUE INDEX ...', { of: 'public.orders' }),
  item('index', 'public.orders_total_idx', 'CREATE INDEX ... (total)', { of: 'public.orders' }),
  item('table', 'public.customers', 'kind=r persistence=p'),
  item('column', 'public.customers.id', 'bigint not null'),
  item('column', 'public.customers.feeling', 'public.mood'),
  item('view', 'public.order_totals', 'kind=v query=SELECT total FROM orders'),
  item('trigger', 'public.orders.stamp', 'CREATE TRIGGER stamp ...'),
  item('type', 'public.mood', "type=e labels='sad','ok'", { labels: ['sad', 'ok'] }),
  item('sequence', 'public.numbers', 'bigint 1 1'),
]

/** The view and the trigger that use the column `total`. */
export const hanging: readonly Dependent[] = [
  { on: 'public.orders', onKind: 'relation', column: 'total', kind: 'view', name: 'public.order_totals' },
  { on: 'public.orders', onKind: 'relation', column: 'note', kind: 'trigger', name: 'public.orders.stamp' },
  { on: 'public.mood', onKind: 'type', column: null, kind: 'column', name: 'public.customers.feeling' },
]

export interface ConflictChanges {
  /** What each tenant holds; `shop` where nothing is said. */
  readonly holds?: Readonly<Record<string, readonly CatalogItem[]>>
  readonly dependents?: readonly Dependent[]
  readonly defaultSchema?: string
  readonly graph?: Partial<MigrationGraph>
  readonly plan?: Partial<Plan>
  readonly ports?: Partial<ConflictPorts>
}

/** Searches steps for conflicts with what acorn, birch and cedar hold. */
export async function searchSteps(
  steps: readonly PlannedStep[],
  changes: ConflictChanges = {},
): Promise<readonly PlanFinding[]> {
  const holds = (tenant: string) => changes.holds?.[tenant] ?? shop
  const tenants = ['acorn', 'birch', 'cedar'].map(name =>
    makeTenant(name, { fingerprint: digest(JSON.stringify(holds(name))) }),
  )
  const plan = makePlanned({
    routes: [{ id: 'from-0001', from: ['0001'], to: ['0002'], steps }],
    groups: [{ name: 'all', wave: 1, mode: 'atomic', modeReason: '', parallel: 4, tenants }],
    ...changes.plan,
  })
  const topology = {
    clusters: [{ name: 'main', primary: observed('primary', null), standbys: [] }],
    tenants: tenants.map(({ tenant, database }) => ({
      name: tenant,
      cluster: 'main',
      database,
      appRole: null,
    })),
  }
  const graph: MigrationGraph = {
    source: 'sql',
    revisions: [],
    bases: [],
    heads: ['0002'],
    origin: { folder: '', interpreter: null },
    ...changes.graph,
  }
  const ports = {
    parser,
    digest,
    servers: {
      readCatalog: async (_server: string, { name }: { name: string }) => ({ hash: '', items: holds(name) }),
    },
    schemaFacts: { readShapes: async () => [] },
    dependents: {
      readDependents: async () => changes.dependents ?? hanging,
      readDefaultSchema: async () => changes.defaultSchema ?? 'public',
    },
    source: { planSteps: async () => [] },
    ...changes.ports,
  } as unknown as ConflictPorts
  return findConflicts({ plan, graph, topology }, ports, new AbortController().signal)
}

/** Searches one file of SQL. */
export async function searchSql(sql: string, changes: ConflictChanges = {}): Promise<readonly PlanFinding[]> {
  return searchSteps([await stepOf('0002', sql)], changes)
}

/** A finding in one line. */
export function brief({ severity, rule, message, tenants }: PlanFinding): string {
  return `${severity} ${rule}: ${message}${tenants.length === 0 ? '' : ` [${tenants.join(', ')}]`}`
}
