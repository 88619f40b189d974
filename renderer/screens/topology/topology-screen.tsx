import type { Route } from '../../route/route.ts'

/** To be filled. */
export function TopologyScreen({ route }: { readonly route: Route }) {
  return <h1 tabIndex={-1}>Topology {route.id}</h1>
}
