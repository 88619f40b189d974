import { useCallback, useEffect, useMemo } from 'react'
import { type ScreenRoute, withQuery } from '../route/route.ts'
import { useDashboard, useDashboardStore } from '../store/dashboard-context.tsx'
import { navigate } from '../store/navigate.ts'
import { changeSaved, fillFromSaved, formatSaved, type SavedKeys } from './saved-query.ts'
import { usePreferences } from './use-preferences.ts'

/** Changes parts of the query; null takes one away. */
export type ChangeQuery = (changes: Readonly<Record<string, string | null>>) => void

/**
 * The query of a list: of the address where that says anything about the list, else as it was last chosen for this project.
 *
 * What was kept is put into the address, so that a link to the view shows the same; `list` and `kept` have to stay the same.
 *
 * @example
 * const [query, set] = useKeptQuery(route, 'run-tenants', { keys: ['state'], naming: ['name'] })
 * set({ state: 'failed' })
 */
export function useSavedQuery(
  route: ScreenRoute,
  list: string,
  kept: SavedKeys,
): readonly [ScreenRoute['query'], ChangeQuery] {
  const store = useDashboardStore()
  const place = useDashboard(state => `${state.session?.project?.name ?? ''}/${list}`)
  const [preferences, write] = usePreferences()
  const text = preferences.filters[place] ?? ''
  const filled = useMemo(() => fillFromSaved(route, text, kept), [route, text, kept])
  useEffect(() => {
    if (filled !== route) navigate(filled, 'replace')
  }, [filled, route])
  const set = useCallback<ChangeQuery>(
    changes => {
      const next = withQuery(filled, changes)
      const { filters } = store.getState().preferences
      const after = formatSaved(next.query, kept)
      // Kept first: an address that says nothing any more would be filled again.
      if (kept.keys.some(key => key in changes) && after !== (filters[place] ?? ''))
        write({ filters: changeSaved(filters, place, after) })
      navigate(next, 'replace')
    },
    [filled, store, place, kept, write],
  )
  return [filled.query, set]
}
