import { spawnSync } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { BrowserWindow, surroundings } from './browser-window.ts'
import { makeEvent } from './cancellable-event.ts'

/** How the stand-in was started, as Electron reads its command line. */
export interface StartOptions {
  readonly entry: string
  readonly argv: readonly string[]
  readonly userData: string
  /** Ends Chromium and every utility process. */
  readonly endAll: () => void
}

let start: StartOptions | null = null

class App extends EventEmitter {
  readonly isPackaged = false
  readonly whenReadyPromise: Promise<void>
  #becomeReady: () => void = () => undefined
  #isQuitting = false

  constructor() {
    super()
    this.whenReadyPromise = new Promise(resolve => {
      this.#becomeReady = resolve
    })
  }

  begin(options: StartOptions): void {
    start = options
    mkdirSync(options.userData, { recursive: true })
    surroundings.webContentsCreated = contents => {
      this.emit('web-contents-created', {}, contents)
    }
    surroundings.allWindowsClosed = () => this.#noticeNoWindow()
  }

  becomeReady(): void {
    this.#becomeReady()
    this.emit('ready', {})
  }

  whenReady(): Promise<void> {
    return this.whenReadyPromise
  }

  enableSandbox(): void {}

  setAppUserModelId(_id: string): void {}

  setAsDefaultProtocolClient(_scheme: string): boolean {
    return true
  }

  setAboutPanelOptions(_options: object): void {}

  focus(_options?: object): void {}

  getVersion(): string {
    const { entry } = this.#started()
    const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
      readonly version: string
    }
    return version
  }

  getPath(name: string): string {
    const { userData } = this.#started()
    return name === 'userData' ? userData : join(userData, name)
  }

  getAppPath(): string {
    return dirname(this.#started().entry)
  }

  /** One instance per data folder, over a socket in it: as Electron does. */
  requestSingleInstanceLock(additionalData: object = {}): boolean {
    const { userData, argv } = this.#started()
    const message = JSON.stringify({ argv, workingDirectory: process.cwd(), additionalData })
    const path = join(userData, 'SingletonSocket')
    if (tellFirstInstance(path, message)) return false
    rmSync(path, { force: true })
    const server = createServer({ allowHalfOpen: true }, socket => {
      let received = ''
      socket.setEncoding('utf8').on('data', text => {
        received += text
      })
      socket.once('end', () => {
        socket.end()
        const second = JSON.parse(received) as {
          argv: readonly string[]
          workingDirectory: string
          additionalData: object
        }
        this.emit('second-instance', {}, second.argv, second.workingDirectory, second.additionalData)
      })
    })
    server.listen(path)
    server.unref()
    return true
  }

  quit(): void {
    if (this.#isQuitting) return
    const event = makeEvent({})
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    this.#isQuitting = true
    for (const window of BrowserWindow.getAllWindows()) {
      const closing = makeEvent({})
      window.emit('close', closing)
      if (closing.defaultPrevented) {
        this.#isQuitting = false
        return
      }
    }
    if (BrowserWindow.getAllWindows().length === 0) this.#finishQuitting()
    for (const window of BrowserWindow.getAllWindows()) window.destroy()
  }

  exit(code = 0): void {
    this.emit('quit', {}, code)
    this.#started().endAll()
    process.exit(code)
  }

  #noticeNoWindow(): void {
    if (this.#isQuitting) this.#finishQuitting()
    else if (!this.emit('window-all-closed')) this.quit()
  }

  #finishQuitting(): void {
    const event = makeEvent({})
    this.emit('will-quit', event)
    this.#isQuitting = false
    if (!event.defaultPrevented) this.exit(0)
  }

  #started(): StartOptions {
    if (start === null) throw new Error('the application has not been started')
    return start
  }
}

/** Electron's `app`. */
export const app = new App()

/** The lock is asked for without waiting, so another Node waits for the socket. */
function tellFirstInstance(path: string, message: string): boolean {
  if (!existsSync(path)) return false
  const script = `require('node:net').connect(process.argv[1]).on('error', () => process.exit(1)).end(require('node:fs').readFileSync(0))`
  return spawnSync(process.execPath, ['-e', script, path], { input: message, timeout: 5000 }).status === 0
}
