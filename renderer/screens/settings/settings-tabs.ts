/** The parts of the settings, in the order of their tabs. */
export const settingsTabs = ['appearance', 'keyboard', 'project', 'passwords', 'about'] as const
export type SettingsTab = (typeof settingsTabs)[number]

/** Reads a part from an address; what is none is the first. */
export function readSettingsTab(text: string | null): SettingsTab {
  return settingsTabs.find(part => part === text) ?? 'appearance'
}

/** The word on the tab of a part. */
export function wordOfSettingsTab(part: SettingsTab): string {
  return `${part.charAt(0).toUpperCase()}${part.slice(1)}`
}
