import { EventEmitter } from 'node:events'
import type { MenuItemConstructorOptions, MessageBoxOptions, NotificationConstructorOptions } from 'electron'
import { BrowserWindow } from './browser-window.ts'

/** What the application showed outside its pages: nothing of it is drawn, all of it is kept for assertions. */
export const shown = {
  messageBoxes: [] as MessageBoxOptions[],
  notifications: [] as Notification[],
  opened: [] as string[],
}

/** Electron's `dialog`: every question is kept, and answered by its cancelling button. */
export const dialog = {
  async showMessageBox(
    first: MessageBoxOptions | BrowserWindow,
    second?: MessageBoxOptions,
  ): Promise<{ response: number; checkboxChecked: boolean }> {
    const options = first instanceof BrowserWindow ? second : first
    if (options === undefined) throw new Error('a message box needs options')
    shown.messageBoxes.push(options)
    return { response: options.cancelId ?? 0, checkboxChecked: false }
  },
  showErrorBox(title: string, content: string): void {
    process.stderr.write(`${title}: ${content}\n`)
  },
}

interface MenuItem extends Omit<MenuItemConstructorOptions, 'submenu' | 'click'> {
  readonly submenu?: Menu
  click(): void
}

/** Electron's `Menu`. */
export class Menu {
  static #applicationMenu: Menu | null = null
  readonly items: readonly MenuItem[]

  static buildFromTemplate(template: readonly MenuItemConstructorOptions[]): Menu {
    return new Menu(template)
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#applicationMenu = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#applicationMenu
  }

  constructor(template: readonly MenuItemConstructorOptions[] = []) {
    this.items = template.map(({ submenu, click, ...item }) => ({
      ...item,
      ...(Array.isArray(submenu) ? { submenu: new Menu(submenu) } : {}),
      click: () => (click as (() => void) | undefined)?.(),
    }))
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null)
      if (found !== null) return found
    }
    return null
  }

  popup(): void {}
}

/** Electron's `Notification`: `emit('click')` presses it. */
export class Notification extends EventEmitter {
  readonly title: string
  readonly body: string

  static isSupported(): boolean {
    return true
  }

  constructor({ title = '', body = '' }: NotificationConstructorOptions = {}) {
    super()
    this.title = title
    this.body = body
  }

  show(): void {
    shown.notifications.push(this)
  }
}

const blockers = new Set<number>()

/** Electron's `powerSaveBlocker`. */
export const powerSaveBlocker = {
  start(_type: string): number {
    const id = blockers.size + 1
    blockers.add(id)
    return id
  },
  stop(id: number): boolean {
    return blockers.delete(id)
  },
  isStarted(id: number): boolean {
    return blockers.has(id)
  },
}

/** Electron's `powerMonitor`: `emit('resume')` wakes the machine. */
export const powerMonitor = new EventEmitter()

class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system'

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source
    const scheme = source === 'system' ? null : source
    // A window that is closing has no page to tell.
    for (const window of BrowserWindow.getAllWindows())
      void window.webContents.showColorScheme(scheme).catch(() => undefined)
    this.emit('updated')
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark'
  }
}

/** Electron's `nativeTheme`. */
export const nativeTheme = new NativeTheme()

/** Electron's `screen`: one display. */
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
}

/** Electron's `crashReporter`. */
export const crashReporter = {
  start(_options: object): void {},
}
