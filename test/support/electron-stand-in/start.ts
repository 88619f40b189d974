import { mkdtempSync } from 'node:fs'
import inspector from 'node:inspector'
import Module from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'
import { BrowserWindow, surroundings } from './browser-window.ts'
import { startChromium } from './chromium-connection.ts'
import { electronDouble } from './electron-double.ts'
import { toApplicationUrl } from './schemes.ts'
import { endUtilityProcesses } from './utility-process.ts'

/** Makes `electron` the double, for `require` and for `import`. */
function provideElectron(): void {
  const modules = Module as unknown as {
    _load: (name: string, ...rest: readonly unknown[]) => unknown
  }
  const load = modules._load
  modules._load = function (name, ...rest) {
    return name === 'electron' ? electronDouble : load.call(this, name, ...rest)
  }
  Object.defineProperty(globalThis, 'electronStandIn', { value: electronDouble })
  const names = Object.keys(electronDouble).join(', ')
  const source = `export const { ${names} } = globalThis.electronStandIn; export default globalThis.electronStandIn`
  const resolver = `export const resolve = (name, context, next) => name === 'electron'
    ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(source)}`)}, shortCircuit: true }
    : next(name, context)`
  Module.register(`data:text/javascript,${encodeURIComponent(resolver)}`)
}

/** Runs an application like the `electron` program: `<program> [switches] <main script> [arguments]`. */
async function start(): Promise<void> {
  const own = process.argv.slice(2)
  const isSwitch = (argument: string): boolean => /^--[a-z-]+(=|$)/.test(argument)
  const entry = resolve(own.find(argument => !isSwitch(argument)) ?? '.')
  const userData =
    own.find(argument => argument.startsWith('--user-data-dir='))?.split('=')[1] ??
    mkdtempSync(join(tmpdir(), 'electron-stand-in-data-'))
  const chromium = await startChromium(() => app.exit(1))
  surroundings.chromium = chromium
  const endAll = (): void => {
    endUtilityProcesses()
    chromium.end()
  }
  process.once('exit', endAll)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  chromium.listen(null, event => {
    if (event.method === 'Target.targetDestroyed')
      findWindow(event.params.targetId)?.webContents.markDestroyed()
    if (event.method === 'Target.targetInfoChanged')
      findWindow(event.params.targetInfo.targetId)?.noticeTitle(event.params.targetInfo.title)
    if (event.method === 'Target.targetCreated' && event.params.targetInfo.openerId !== undefined) {
      const { targetId, url, openerId } = event.params.targetInfo
      findWindow(openerId)?.webContents.refuseOpening(toApplicationUrl(url))
      // It may have closed itself.
      void chromium.send('Target.closeTarget', { targetId }).catch(() => undefined)
    }
  })
  await chromium.send('Target.setDiscoverTargets', { discover: true })
  process.argv = [process.argv[0] ?? '', ...own]
  app.begin({ entry, argv: process.argv, userData, endAll })
  provideElectron()
  inspector.open(0, '127.0.0.1')
  process.stderr.write(`DevTools listening on ${chromium.address}\n`)
  await import(/* @vite-ignore */ pathToFileURL(entry).href)
  app.becomeReady()
}

function findWindow(targetId: string | undefined): BrowserWindow | undefined {
  return BrowserWindow.getAllWindows().find(window => window.webContents.targetId === targetId)
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
