/** What a tenant is found by in every table of tenants. */
interface FindableTenant {
  readonly tenant: string
  readonly database: string | null
  readonly cluster: string | null
}

/** Whether the name, the database or the cluster of a tenant holds what was typed. */
export function matchesTenant({ tenant, database, cluster }: FindableTenant, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  return wanted === '' || [tenant, database, cluster].some(name => name?.toLowerCase().includes(wanted))
}
