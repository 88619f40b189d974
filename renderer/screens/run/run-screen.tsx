import type { Route } from '../../route/route.ts'

/** To be filled. */
export function RunScreen({ route, runId }: { readonly route: Route; readonly runId: string }) {
  return (
    <h1 tabIndex={-1}>
      Run {runId} {route.tab}
    </h1>
  )
}
