import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConnectionState, EngineApi } from '../../shared/api/engine-api.ts'
import { defaultPreferences, type Preferences } from '../../shared/api/preferences.ts'
import type { SessionView } from '../../shared/api/session-view.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { parseScreenRoute, type ScreenRoute } from '../route/route.ts'

/** What every part of the dashboard knows. No log text and no run: those have stores of their own. */
export interface DashboardState {
  readonly connection: ConnectionState
  /** Null until the engine has answered. */
  readonly session: SessionView | null
  readonly sessionFailure: Failure | null
  readonly preferences: Preferences
  /** Why the last change of them was not kept; null when it was. */
  readonly preferencesFailure: Failure | null
  readonly route: ScreenRoute
  readonly overlay: Overlay
  /** For screen readers: what changed, and what cannot wait. */
  readonly announcement: { readonly polite: string; readonly assertive: string }
  /** Grows with `view.reload`: everything that is shown is asked for again. */
  readonly reloads: number
}

/** What lies over the screen. */
export type Overlay = 'none' | 'palette' | 'shortcuts' | 'open_project' | 'sandbox'

export type DashboardStore = StoreApi<DashboardState>

/** Makes the store and keeps it up to date with the engine until it is closed. */
export function createDashboardStore(
  api: EngineApi,
  hash: string,
): { readonly store: DashboardStore; close(): void } {
  const store = createStore<DashboardState>(() => ({
    connection: { state: 'connecting' },
    session: null,
    sessionFailure: null,
    preferences: defaultPreferences,
    preferencesFailure: null,
    route: parseScreenRoute(hash),
    overlay: 'none',
    announcement: { polite: '', assertive: '' },
    reloads: 0,
  }))
  const readAll = async (): Promise<void> => {
    const [session, preferences] = await Promise.all([
      api.request('session.read', {}),
      api.request('preferences.read', {}),
    ])
    if (session.ok) store.setState({ session: session.value, sessionFailure: null })
    else store.setState({ sessionFailure: session.failure })
    if (preferences.ok) store.setState({ preferences: preferences.value })
  }
  const stopWatching = api.watchConnection(connection => {
    const before = store.getState().connection.state
    store.setState({ connection })
    if (connection.state === 'connected' && before !== 'connected') void readAll()
  })
  const unsubscribe = api.subscribe(event => {
    if (event.type === 'session.changed') store.setState({ session: event.session, sessionFailure: null })
  })
  return {
    store,
    close() {
      stopWatching()
      unsubscribe()
    },
  }
}
