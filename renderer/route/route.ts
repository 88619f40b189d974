/** A view of the dashboard as an address: `#/runs/01K.../logs?tenant=acme&line=4012`. Every state that a person may want back is in it. */
export interface ScreenRoute {
  readonly screen: ScreenName
  /** A run's id, or a plan's; null where the screen has none. */
  readonly id: string | null
  /** The tab of a run, or a part of another screen. */
  readonly tab: string | null
  readonly query: Readonly<Record<string, string>>
}

export const screenNames = ['overview', 'topology', 'plan', 'runs', 'settings'] as const
export type ScreenName = (typeof screenNames)[number]

/** The address of a screen, with as much detail as is given. */
export function routeTo(
  screen: ScreenName,
  detail: Partial<Pick<ScreenRoute, 'id' | 'tab' | 'query'>> = {},
): ScreenRoute {
  return { screen, id: detail.id ?? null, tab: detail.tab ?? null, query: detail.query ?? {} }
}

/** Reads an address; what is no address is the overview. */
export function parseScreenRoute(hash: string): ScreenRoute {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const [first = '', id = '', tab = ''] = path.split('/').map(decodePart)
  const screen = screenNames.find(name => name === first)
  if (screen === undefined) return routeTo('overview')
  return {
    screen,
    id: id === '' || id === '-' ? null : id,
    tab: tab === '' ? null : tab,
    query: Object.fromEntries(new URLSearchParams(search)),
  }
}

/** Writes an address; reading it gives the same route back. */
export function formatScreenRoute({ screen, id, tab, query }: ScreenRoute): string {
  const parts = [screen, ...(id !== null || tab !== null ? [id ?? '-'] : []), ...(tab !== null ? [tab] : [])]
  const search = new URLSearchParams(query).toString()
  return `#/${parts.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`
}

/** The same view with some of its query changed; null takes a key away. */
export function withQuery(route: ScreenRoute, changes: Readonly<Record<string, string | null>>): ScreenRoute {
  const entries = Object.entries({ ...route.query, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
  )
  return { ...route, query: Object.fromEntries(entries) }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
