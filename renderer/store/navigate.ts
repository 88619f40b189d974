import { formatScreenRoute, parseScreenRoute, type ScreenRoute } from '../route/route.ts'
import type { DashboardStore } from './dashboard-store.ts'

/** Shows another view; `replace` leaves no trace in the history, for what changes with every key. */
export function navigate(route: ScreenRoute, how: 'push' | 'replace' = 'push'): void {
  const hash = formatScreenRoute(route)
  if (hash === location.hash) return
  if (how === 'push') location.hash = hash
  else {
    history.replaceState(history.state, '', hash)
    dispatchEvent(new HashChangeEvent('hashchange'))
  }
}

/** Keeps the store's route equal to the address, both ways of the history. */
export function followAddress(store: DashboardStore): () => void {
  const read = (): void => store.setState({ route: parseScreenRoute(location.hash) })
  addEventListener('hashchange', read)
  return () => removeEventListener('hashchange', read)
}
