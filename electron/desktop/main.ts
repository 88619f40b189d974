import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, dialog, powerMonitor } from 'electron'
import { superviseProcesses } from '../host/processes/supervise-processes.ts'
import { toolVersion } from '../host/settings/tool-version.ts'
import { answerRequests } from './bridge/answer-requests.ts'
import { showMenu } from './build-menu.ts'
import { DesktopApp } from './desktop-app.ts'
import { guardPages, guardPermissions } from './guard-pages.ts'
import { listenForOpenRequests } from './listen-for-open-requests.ts'
import { readLaunchOptions, readOpenRequest } from './read-start.ts'
import { rememberSecrets } from './secrets/remember-secret.ts'
import { createCipher } from './secrets/secret-cipher.ts'
import { registerAppScheme, serveApp } from './serve-app.ts'
import { startUtilityProcess } from './start-utility-process.ts'
import { recordCrashes, recordProblem } from './window/record-crashes.ts'

const built = dirname(fileURLToPath(import.meta.url))
const options = readLaunchOptions(process.argv)

app.enableSandbox()
recordCrashes()
registerAppScheme()

// The first instance shows what this one was asked for.
if (app.requestSingleInstanceLock({ options })) {
  app.setAppUserModelId('dev.lockstep.desktop')
  guardPages()
  const requests = listenForOpenRequests()
  void app
    .whenReady()
    .then(async () => {
      guardPermissions()
      serveApp(join(built, 'renderer'))
      app.setAboutPanelOptions({ applicationName: 'Lockstep', applicationVersion: toolVersion })
      if (app.isPackaged) app.setAsDefaultProtocolClient('lockstep')
      const passwords = join(app.getPath('userData'), 'passwords.json')
      const secrets = rememberSecrets(passwords, createCipher())
      const service = superviseProcesses({ start: startUtilityProcess(built), options, secrets })
      const desktopApp = new DesktopApp(service, join(built, 'preload.cjs'))
      answerRequests(() => desktopApp.asker)
      showMenu(process.platform, id => desktopApp.runCommand(id))
      powerMonitor.on('resume', () => desktopApp.runCommand('view.reload'))
      endWith(desktopApp)
      await desktopApp.start(options, requests.first ?? readOpenRequest(process.argv))
      requests.give(desktopApp)
    })
    .catch((error: unknown) => {
      recordProblem('Lockstep cannot start', error)
      dialog.showErrorBox('Lockstep cannot start', error instanceof Error ? error.message : String(error))
      app.exit(1)
    })
} else {
  app.quit()
}

/** Quits without a window, unless a run goes on; and never before the engine has ended. */
function endWith(desktopApp: DesktopApp): void {
  let hasEnded = false
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && !desktopApp.livesWithoutWindow()) app.quit()
  })
  app.on('before-quit', event => {
    if (!hasEnded && !desktopApp.mayQuit()) event.preventDefault()
  })
  app.on('will-quit', event => {
    if (hasEnded) return
    event.preventDefault()
    void desktopApp.end().finally(() => {
      hasEnded = true
      app.quit()
    })
  })
}
