import { type ScreenRoute, withQuery } from '../route/route.ts'

/** What of an address a list keeps. */
export interface SavedKeys {
  /** Kept, and used again where an address says nothing about the list. */
  readonly keys: readonly string[]
  /** Not kept, because they name something; an address with one of them says all about the list. */
  readonly naming: readonly string[]
}

/** The part of a query that is kept, as text; empty when there is nothing to keep. */
export function formatSaved(query: Readonly<Record<string, string>>, { keys }: SavedKeys): string {
  const entries = keys.flatMap(key => {
    const value = query[key]
    return value === undefined || value === '' ? [] : [[key, value]]
  })
  return new URLSearchParams(entries).toString()
}

/** The route with what was kept in it; the same route where the address says something itself, or nothing was kept. */
export function fillFromSaved(route: ScreenRoute, kept: string, { keys, naming }: SavedKeys): ScreenRoute {
  if ([...keys, ...naming].some(key => route.query[key] !== undefined)) return route
  const entries = [...new URLSearchParams(kept)].filter(([key, value]) => keys.includes(key) && value !== '')
  return entries.length === 0 ? route : withQuery(route, Object.fromEntries(entries))
}

/** The kept filters of all lists with another one for this list. */
export function changeSaved(
  filters: Readonly<Record<string, string>>,
  place: string,
  kept: string,
): Readonly<Record<string, string>> {
  const others = Object.entries(filters).filter(([name]) => name !== place)
  return Object.fromEntries(kept === '' ? others : [...others, [place, kept]])
}
