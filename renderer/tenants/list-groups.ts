/** The groups of the tenants of a table, in the order in which they are met, with how many each has. */
export function listGroups(
  rows: readonly { readonly group: string | null }[],
): readonly { readonly name: string; readonly tenants: number }[] {
  const counts = new Map<string, number>()
  for (const { group } of rows) if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1)
  return [...counts].map(([name, tenants]) => ({ name, tenants }))
}
