import type { SchemaClass } from '../../../shared/foresight/schema-class.ts'
import type { Plan } from '../../../shared/plan.ts'

/** Where a tenant stands, and what its schema is. */
export interface TenantSchema {
  readonly tenant: string
  readonly heads: readonly string[]
  readonly fingerprint: string
}

/**
 * Tenants by revision and fingerprint, revisions in the order in which they are met, the main class of each first.
 *
 * The largest class of a revision is its main one, the first where several are as large: what most tenants look like is
 * taken for what was meant.
 */
export function groupClasses(tenants: readonly TenantSchema[]): readonly SchemaClass[] {
  const revisions = new Map<string, Map<string, TenantSchema[]>>()
  for (const one of tenants) {
    const classes = findOrAdd(revisions, [...one.heads].sort().join('+'), () => new Map())
    findOrAdd(classes, one.fingerprint, () => []).push(one)
  }
  return [...revisions.values()].flatMap(classes => {
    const members = [...classes.values()]
    const largest = Math.max(...members.map(group => group.length))
    const main = members.find(group => group.length === largest)
    const ordered = [...members.filter(group => group === main), ...members.filter(group => group !== main)]
    return ordered.map(group => describeClass(group, group === main))
  })
}

/** The tenants of a plan as they stood when it was made, those at the target too. */
export function listPlannedSchemas(plan: Plan): readonly TenantSchema[] {
  return plan.groups.flatMap(group =>
    group.tenants.map(({ tenant, from, fingerprint }) => ({ tenant, heads: from, fingerprint })),
  )
}

function describeClass(group: readonly TenantSchema[], isMain: boolean): SchemaClass {
  const [first] = group
  return {
    fingerprint: first?.fingerprint ?? '',
    heads: [...(first?.heads ?? [])].sort(),
    tenants: group.map(one => one.tenant),
    isMain,
    differences: [],
  }
}

function findOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
