/** The tenant whose name begins with, or else holds, what was typed; from the current one on. Null when there is none. */
export function findTyped(
  tenants: readonly { readonly tenant: string }[],
  text: string,
  from: number,
): number | null {
  const wanted = text.toLowerCase()
  // One more letter of the same name must not leave it.
  const start = text.length > 1 ? from : from + 1
  const order = tenants.map((_tenant, index) => (start + index) % tenants.length)
  const nameOf = (index: number): string => tenants[index]?.tenant.toLowerCase() ?? ''
  return (
    order.find(index => nameOf(index).startsWith(wanted)) ??
    order.find(index => nameOf(index).includes(wanted)) ??
    null
  )
}
