import { type BrowserWindow, nativeTheme } from 'electron'
import type { Preferences } from '../../../shared/api/preferences.ts'

/** Menus, dialogs and the empty window follow the theme that the person chose for the page. */
export function followTheme(theme: Preferences['theme'], window: BrowserWindow | null): void {
  nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme
  window?.setBackgroundColor(chooseBackground())
}

/** The page's own ground, so that no other colour flashes up before it. */
export function chooseBackground(): string {
  return nativeTheme.shouldUseDarkColors ? '#0d1117' : '#f6f8fa'
}
