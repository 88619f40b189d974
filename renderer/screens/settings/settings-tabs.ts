/** The parts of the settings, in the order of their tabs. */
export const settingsParts = ['appearance', 'keyboard', 'project', 'passwords', 'about'] as const
export type SettingsPart = (typeof settingsParts)[number]

/** Reads a part from an address; what is none is the first. */
export function readPart(text: string | null): SettingsPart {
  return settingsParts.find(part => part === text) ?? 'appearance'
}

/** The word on the tab of a part. */
export function wordOfPart(part: SettingsPart): string {
  return `${part.charAt(0).toUpperCase()}${part.slice(1)}`
}
