import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { WebPreferences } from 'electron'
import type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts'
import { makeEvent } from './cancellable-event.ts'
import type { Chromium, ChromiumEvent } from './chromium-connection.ts'
import { answerInvoke, ipcMain } from './ipc-main.ts'
import { crossAsJson, findNotJson } from './json-only.ts'
import { runInPageWorld } from './page-world.ts'
import { type PreloadDoor, preloadWorld, runInPreloadWorld, type ToMain } from './preload-world.ts'
import { answerByScheme, listHandledPatterns, toApplicationUrl, toChromiumUrl } from './schemes.ts'
import { session } from './session.ts'

/** A page of Chromium, driven over the debugging protocol. */
export class WebContents extends EventEmitter {
  readonly session = session.defaultSession
  readonly mainFrame: { readonly url: string; readonly origin: string; readonly parent: null }
  readonly #chromium: Chromium
  readonly #preferences: WebPreferences
  readonly #close: () => void
  readonly #attached: Promise<string>
  #targetId = ''
  #url = ''
  #expectedUrl: string | null = null
  #preloadContext: number | null = null
  #isDestroyed = false
  #openHandler: (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' } = () => ({
    action: 'allow',
  })

  constructor(chromium: Chromium, preferences: WebPreferences, close: () => void) {
    super()
    this.#chromium = chromium
    this.#preferences = preferences
    this.#close = close
    const readUrl = (): string => this.#url
    this.mainFrame = {
      parent: null,
      get url() {
        return readUrl()
      },
      get origin() {
        return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/.exec(readUrl())?.[0] ?? 'null'
      },
    }
    this.#attached = this.#attach()
    // The code that waits for the page is told; without this a page that never opened would end the process.
    this.#attached.catch(() => undefined)
  }

  get targetId(): string {
    return this.#targetId
  }

  getURL(): string {
    return this.#url
  }

  getLastWebPreferences(): WebPreferences {
    return this.#preferences
  }

  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  setWindowOpenHandler(
    handler: (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' },
  ): void {
    this.#openHandler = handler
  }

  /** Tells the preload script; what no script listens to is lost, as in Electron. */
  send(channel: string, ...args: readonly unknown[]): void {
    this.#inPreload('emit', channel, crossAsJson(args))
  }

  reload(): void {
    this.#expectedUrl = this.#url
    void this.#attached.then(sessionId => this.#chromium.send('Page.reload', {}, sessionId))
  }

  close(): void {
    this.#close()
  }

  forcefullyCrashRenderer(): void {
    // Chromium does not answer this one: the page is gone.
    void this.#attached
      .then(sessionId => this.#chromium.send('Page.crash', {}, sessionId))
      .catch(() => undefined)
  }

  async load(url: string): Promise<void> {
    const sessionId = await this.#attached
    const patterns = listHandledPatterns().map(urlPattern => ({ urlPattern }))
    await this.#chromium.send(
      'Fetch.enable',
      { patterns: [...patterns, { urlPattern: '*', resourceType: 'Document' }] },
      sessionId,
    )
    this.#expectedUrl = url
    const loaded = new Promise<void>(resolve => this.once('did-finish-load', () => resolve()))
    const { errorText } = await this.#chromium.send('Page.navigate', { url: toChromiumUrl(url) }, sessionId)
    if (errorText) throw new Error(`${errorText} loading '${url}'`)
    await loaded
  }

  async showColorScheme(scheme: 'light' | 'dark' | null): Promise<void> {
    const features = scheme === null ? [] : [{ name: 'prefers-color-scheme', value: scheme }]
    await this.#chromium.send('Emulation.setEmulatedMedia', { features }, await this.#attached)
  }

  async closeTarget(): Promise<void> {
    await this.#attached
    await this.#chromium.send('Target.closeTarget', { targetId: this.#targetId }).catch(() => undefined)
    this.markDestroyed()
  }

  markDestroyed(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.emit('destroyed')
  }

  /** A page of this page was opened by a link: denied like `window.open`, whatever the handler says. */
  refuseOpening(url: string): void {
    const { action } = this.#openHandler({ url: toApplicationUrl(url) })
    if (action === 'allow') process.stderr.write(`the stand-in opens no window for a page: ${url}\n`)
  }

  async #attach(): Promise<string> {
    const { targetId } = await this.#chromium.send('Target.createTarget', { url: 'about:blank' })
    this.#targetId = targetId
    const { sessionId } = await this.#chromium.send('Target.attachToTarget', { targetId, flatten: true })
    this.#chromium.listen(sessionId, event => this.#hear(event, sessionId))
    await this.#chromium.send('Runtime.enable', {}, sessionId)
    await this.#chromium.send('Page.enable', {}, sessionId)
    await this.#chromium.send('Inspector.enable', {}, sessionId)
    await this.#chromium.send('Runtime.addBinding', { name: 'standInOpen' }, sessionId)
    await this.#chromium.send(
      'Runtime.addBinding',
      { name: 'standInToMain', executionContextName: preloadWorld },
      sessionId,
    )
    await this.#chromium.send(
      'Page.addScriptToEvaluateOnNewDocument',
      { source: `(${runInPageWorld})()` },
      sessionId,
    )
    if (this.#preferences.preload !== undefined) {
      const script = readFileSync(this.#preferences.preload, 'utf8')
      const source = `(${runInPreloadWorld})(${findNotJson}, function (require, module, exports) {${script}\n})`
      await this.#chromium.send(
        'Page.addScriptToEvaluateOnNewDocument',
        { source, worldName: preloadWorld },
        sessionId,
      )
    }
    return sessionId
  }

  #hear(event: ChromiumEvent, sessionId: string): void {
    switch (event.method) {
      case 'Runtime.executionContextCreated': {
        const { id, name, auxData } = event.params.context
        const { frameId } = (auxData ?? {}) as { readonly frameId?: string }
        if (name === preloadWorld && frameId === this.#targetId) this.#preloadContext = id
        return
      }
      case 'Runtime.executionContextsCleared':
        this.#preloadContext = null
        return
      case 'Runtime.bindingCalled':
        if (event.params.name === 'standInOpen') this.refuseOpening(event.params.payload)
        else if (event.params.executionContextId === this.#preloadContext)
          this.#hearPreload(JSON.parse(event.params.payload) as ToMain)
        return
      case 'Page.frameNavigated':
        if (event.params.frame.parentId === undefined)
          this.#url = toApplicationUrl(event.params.frame.url + (event.params.frame.urlFragment ?? ''))
        return
      case 'Page.navigatedWithinDocument':
        if (event.params.frameId === this.#targetId) this.#url = toApplicationUrl(event.params.url)
        return
      case 'Page.loadEventFired':
        this.emit('did-finish-load')
        return
      case 'Inspector.targetCrashed':
        this.#preloadContext = null
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
        return
      case 'Fetch.requestPaused':
        void this.#answerRequest(event.params, sessionId)
        return
    }
  }

  #hearPreload({ kind, id, channel, args }: ToMain): void {
    const event = { sender: this, senderFrame: this.mainFrame }
    if (kind === 'send') ipcMain.emit(channel, event, ...args)
    else void answerInvoke(channel, event, args).then(answer => this.#inPreload('reply', id, answer))
  }

  #inPreload<Name extends keyof PreloadDoor>(name: Name, ...args: Parameters<PreloadDoor[Name]>): void {
    const contextId = this.#preloadContext
    if (contextId === null) return
    const expression = `standInDoor.${name}(...${JSON.stringify(args)})`
    void this.#attached
      .then(sessionId => this.#chromium.send('Runtime.evaluate', { expression, contextId }, sessionId))
      // The page went away in between.
      .catch(() => undefined)
  }

  async #answerRequest(
    { requestId, request, resourceType, frameId }: Protocol.Fetch.requestPausedPayload,
    sessionId: string,
  ): Promise<void> {
    if (resourceType === 'Document' && !this.#mayNavigate(request.url, frameId === this.#targetId)) {
      await this.#chromium.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, sessionId)
      return
    }
    try {
      const response = await answerByScheme(request.url, request.method, request.headers)
      if (response === null) {
        await this.#chromium.send('Fetch.continueRequest', { requestId }, sessionId)
        return
      }
      const body = Buffer.from(await response.arrayBuffer()).toString('base64')
      const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }))
      await this.#chromium.send(
        'Fetch.fulfillRequest',
        { requestId, responseCode: response.status, responseHeaders, body },
        sessionId,
      )
    } catch {
      await this.#chromium
        .send('Fetch.failRequest', { requestId, errorReason: 'Failed' }, sessionId)
        // The page went away in between.
        .catch(() => undefined)
    }
  }

  /** Asks the guards, unless the application itself loads this address. */
  #mayNavigate(chromiumUrl: string, isMainFrame: boolean): boolean {
    const url = toApplicationUrl(chromiumUrl)
    const isOwn = isMainFrame && this.#expectedUrl?.split('#')[0] === url
    if (isOwn) this.#expectedUrl = null
    const event = makeEvent({ url, isMainFrame, isSameDocument: false })
    if (!isOwn) {
      this.emit('will-frame-navigate', event)
      if (isMainFrame) this.emit('will-navigate', event, url)
    }
    if (event.defaultPrevented) return false
    this.emit('did-start-navigation', makeEvent({ url, isMainFrame, isSameDocument: false }))
    return true
  }
}
