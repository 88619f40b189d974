import type { Route } from '../../route/route.ts'

/** To be filled. */
export function RunsScreen({ route }: { readonly route: Route }) {
  return <h1 tabIndex={-1}>Runs {route.id}</h1>
}
