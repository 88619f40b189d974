/** How a person wants the dashboard to look and behave; kept by the engine, per machine. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark' | 'contrast'
  readonly density: 'comfortable' | 'compact'
  readonly time: 'local' | 'utc' | 'relative'
  readonly wrapLogs: boolean
  /** False turns every single-letter shortcut off. */
  readonly letterShortcuts: boolean
  /** Columns of the tenant table that are hidden. */
  readonly hiddenColumns: readonly string[]
  /** Width in percent of each split panel, by its name. */
  readonly panels: Readonly<Record<string, number>>
  /** The last filter of each list, as its part of the address, by project and list. */
  readonly filters: Readonly<Record<string, string>>
}

export const defaultPreferences: Preferences = {
  theme: 'system',
  density: 'comfortable',
  time: 'local',
  wrapLogs: false,
  letterShortcuts: true,
  hiddenColumns: [],
  panels: {},
  filters: {},
}
