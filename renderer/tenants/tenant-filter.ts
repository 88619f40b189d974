/** What every table of tenants can be narrowed to; each table adds what it alone knows. */
export interface TenantFilter {
  /** A part of the name, the database or the cluster. */
  readonly text: string
  /** Null for every group. */
  readonly group: string | null
}

/** What a tenant is found by in every table of tenants. */
interface FindableTenant {
  readonly tenant: string
  readonly database: string | null
  readonly cluster: string | null
  readonly group: string | null
}

/** Whether a tenant is in the group that is asked for, and its name, database or cluster holds what was typed. */
export function matchesTenant(
  { tenant, database, cluster, group }: FindableTenant,
  { text, group: asked }: TenantFilter,
): boolean {
  if (asked !== null && group !== asked) return false
  const wanted = text.trim().toLowerCase()
  return wanted === '' || [tenant, database, cluster].some(name => name?.toLowerCase().includes(wanted))
}
