import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, dialog, powerMonitor } from 'electron'
import { superviseParts } from '../host/processes/supervise-processes.ts'
import { toolVersion } from '../host/settings/tool-version.ts'
import { answerRequests } from './bridge/answer-requests.ts'
import { showMenu } from './build-menu.ts'
import { Shell } from './desktop-app.ts'
import { guardPages, guardPermissions } from './guard-pages.ts'
import { listenForWishes } from './listen-for-open-requests.ts'
import { readShellOptions, readWish } from './read-start.ts'
import { rememberSecrets } from './secrets/remember-secret.ts'
import { createCipher } from './secrets/secret-cipher.ts'
import { registerAppScheme, serveApp } from './serve-app.ts'
import { startUtilityPart } from './start-utility-process.ts'
import { recordCrashes, recordProblem } from './window/record-crashes.ts'

const built = dirname(fileURLToPath(import.meta.url))
const options = readShellOptions(process.argv)

app.enableSandbox()
recordCrashes()
registerAppScheme()

// The first instance shows what this one was asked for.
if (app.requestSingleInstanceLock({ options })) {
  app.setAppUserModelId('dev.lockstep.desktop')
  guardPages()
  const wishes = listenForWishes()
  void app
    .whenReady()
    .then(async () => {
      guardPermissions()
      serveApp(join(built, 'renderer'))
      app.setAboutPanelOptions({ applicationName: 'Lockstep', applicationVersion: toolVersion })
      if (app.isPackaged) app.setAsDefaultProtocolClient('lockstep')
      const passwords = join(app.getPath('userData'), 'passwords.json')
      const secrets = rememberSecrets(passwords, createCipher())
      const service = superviseParts({ start: startUtilityPart(built), options, secrets })
      const shell = new Shell(service, join(built, 'preload.cjs'))
      answerRequests(() => shell.asker)
      showMenu(process.platform, id => shell.runCommand(id))
      powerMonitor.on('resume', () => shell.runCommand('view.reload'))
      endWith(shell)
      await shell.start(options, wishes.first ?? readWish(process.argv))
      wishes.give(shell)
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
function endWith(shell: Shell): void {
  let hasEnded = false
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && !shell.livesWithoutWindow()) app.quit()
  })
  app.on('before-quit', event => {
    if (!hasEnded && !shell.mayQuit()) event.preventDefault()
  })
  app.on('will-quit', event => {
    if (hasEnded) return
    event.preventDefault()
    void shell.end().finally(() => {
      hasEnded = true
      app.quit()
    })
  })
}
