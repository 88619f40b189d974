import { useCallback } from 'react'
import type { Preferences } from '../../shared/api/preferences.ts'
import { useApi, useDashboard, useDashboardStore } from '../store/dashboard-context.tsx'

/** How the person wants it, and the way to change a part of that; shown at once, and kept by the engine. */
export function usePreferences(): readonly [Preferences, (changes: Partial<Preferences>) => void] {
  const api = useApi()
  const store = useDashboardStore()
  const preferences = useDashboard(state => state.preferences)
  const write = useCallback(
    (changes: Partial<Preferences>) => {
      const next = { ...store.getState().preferences, ...changes }
      store.setState({ preferences: next })
      void api
        .request('preferences.write', { preferences: next })
        .then(reply => store.setState({ preferencesFailure: reply.ok ? null : reply.failure }))
    },
    [api, store],
  )
  return [preferences, write]
}
