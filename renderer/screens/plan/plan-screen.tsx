import type { Route } from '../../route/route.ts'

/** To be filled. */
export function PlanScreen({ route }: { readonly route: Route }) {
  return <h1 tabIndex={-1}>Plan {route.id}</h1>
}
