import type { Topology } from '../../../shared/topology/topology.ts'

/** Closed databases and templates that a pattern matches, in one line; empty where there are none. */
export function formatPassedOver({ passedOver = [] }: Pick<Topology, 'passedOver'>): string {
  if (passedOver.length === 0) return ''
  return `passed over, as no tenants: ${passedOver.map(({ name, why }) => `${name} (${why})`).join(', ')}\n`
}
