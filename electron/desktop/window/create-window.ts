import { join } from 'node:path'
import { app, BrowserWindow, type Rectangle, screen } from 'electron'
import { appAddress } from '../bridge/app-address.ts'
import { chooseBackground } from './follow-theme.ts'
import { revivePage } from './revive-page.ts'
import { showContextMenu } from './show-context-menu.ts'
import { readWindowBounds, smallestWindow, writeWindowBounds } from './window-bounds.ts'

/** Opens the dashboard's window at an address such as `#/runs`; it is shown once it has something to show. */
export function createWindow(preload: string, hash: string): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json')
  const kept = readWindowBounds(
    file,
    screen.getAllDisplays().map(display => display.workArea),
  )
  const window = new BrowserWindow({
    ...(kept === null ? { width: 1280, height: 800 } : pickBounds(kept)),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Lockstep',
    show: false,
    backgroundColor: chooseBackground(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (kept?.isMaximized) window.maximize()
    window.show()
  })
  window.on('close', () => {
    writeWindowBounds(file, { ...pickBounds(window.getNormalBounds()), isMaximized: window.isMaximized() })
  })
  revivePage(window.webContents)
  showContextMenu(window.webContents)
  // A page that cannot be loaded is recorded by its own crash; the window stays for the next attempt.
  window.loadURL(appAddress + hash).catch(() => undefined)
  return window
}

/** Shows a window to the person in front of the screen. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function pickBounds({ x, y, width, height }: Rectangle): Rectangle {
  return { x, y, width, height }
}
