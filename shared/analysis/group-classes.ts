import type { Plan } from '../plan/plan.ts'
import type { SchemaClass } from './schema-class.ts'

/** Where a tenant stands, and what its schema is. */
export interface TenantSchema {
  readonly tenant: string
  readonly heads: readonly string[]
  readonly fingerprint: string
}

/** What makes two tenants alike: equal revisions, whatever their order, and equal schemas. */
export function classKeyOf({ heads, fingerprint }: Pick<TenantSchema, 'heads' | 'fingerprint'>): string {
  return `${revisionKeyOf(heads)} ${fingerprint}`
}

/**
 * Tenants by revision and fingerprint, revisions in the order in which they are met, the largest class of each first.
 *
 * The largest class of a revision is its main one, the first where several are as large: what most tenants look like is
 * taken for what was meant. A tenant at another revision is no outlier by that alone.
 */
export function groupClasses(tenants: readonly TenantSchema[]): readonly SchemaClass[] {
  const revisions = groupBy(tenants, one => revisionKeyOf(one.heads))
  return revisions.flatMap(members =>
    groupBy(members, classKeyOf)
      .sort((a, b) => b.length - a.length)
      .map((alike, index) => describeClass(alike, index === 0)),
  )
}

/** The tenants of a plan as they stood when it was made, those at the target too. */
export function listPlannedSchemas(plan: Pick<Plan, 'groups'>): readonly TenantSchema[] {
  return plan.groups.flatMap(group =>
    group.tenants.map(({ tenant, from, fingerprint }) => ({ tenant, heads: from, fingerprint })),
  )
}

function revisionKeyOf(heads: readonly string[]): string {
  return [...heads].sort().join('+')
}

function describeClass(alike: readonly TenantSchema[], isMain: boolean): SchemaClass {
  const [first] = alike
  return {
    fingerprint: first?.fingerprint ?? '',
    heads: [...(first?.heads ?? [])].sort(),
    tenants: alike.map(one => one.tenant),
    isMain,
    differences: [],
  }
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const known = groups.get(key)
    if (known) known.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}
