import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import {
  crashReporter,
  dialog,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shown,
} from './desktop-surfaces.ts'
import { ipcMain } from './ipc-main.ts'
import { safeStorage } from './safe-storage.ts'
import { protocol } from './schemes.ts'
import { session } from './session.ts'
import { utilityProcess } from './utility-process.ts'
import type { WebContents } from './web-contents.ts'

/** What `require('electron')` gives in the main process: the members that this project uses, and no others. */
export const electronDouble = {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  utilityProcess,
  webContents: {
    getAllWebContents: (): readonly WebContents[] =>
      BrowserWindow.getAllWindows().map(window => window.webContents),
    /** For Playwright, which finds a window by its page. */
    fromDevToolsTargetId: (targetId: string): WebContents | undefined =>
      BrowserWindow.getAllWindows().find(window => window.webContents.targetId === targetId)?.webContents,
  },
}

/** For assertions about what is not drawn. */
Object.defineProperty(electronDouble, 'standIn', { value: { shown } })
