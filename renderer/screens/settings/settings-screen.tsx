import type { Route } from '../../route/route.ts'

/** To be filled. */
export function SettingsScreen({ route }: { readonly route: Route }) {
  return <h1 tabIndex={-1}>Settings {route.id}</h1>
}
