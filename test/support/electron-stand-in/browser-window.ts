import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'
import { makeEvent } from './cancellable-event.ts'
import type { Chromium } from './chromium-connection.ts'
import { WebContents } from './web-contents.ts'

const windows = new Set<BrowserWindow>()

/** What windows need from the process that they live in. */
export const surroundings: {
  chromium: Chromium | null
  webContentsCreated: (contents: WebContents) => void
  allWindowsClosed: () => void
} = { chromium: null, webContentsCreated: () => undefined, allWindowsClosed: () => undefined }

/** A window without a screen: a page of Chromium, and what it was told to look like. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  /** What a spec can look at that has no getter in Electron. */
  readonly standIn: { progress: number; backgroundColor: string | null }
  #bounds: Rectangle
  #title: string
  #isVisible: boolean
  #isFocused = false
  #isDestroyed = false

  static getAllWindows(): readonly BrowserWindow[] {
    return [...windows]
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find(window => window.webContents === contents) ?? null
  }

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    const { x = 0, y = 0, width = 800, height = 600, show = true, webPreferences = {} } = options
    const { chromium } = surroundings
    if (chromium === null) throw new Error('a window needs an application that is ready')
    this.#bounds = { x, y, width, height }
    this.#isVisible = show
    this.#title = options.title ?? ''
    this.standIn = { progress: -1, backgroundColor: options.backgroundColor ?? null }
    windows.add(this)
    this.webContents = new WebContents(chromium, webPreferences, () => this.close())
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    this.webContents.once('destroyed', () => this.#markClosed())
    surroundings.webContentsCreated(this.webContents)
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.load(url)
  }

  show(): void {
    this.#isVisible = true
    this.focus()
  }

  focus(): void {
    this.#isFocused = true
    this.emit('focus')
  }

  blur(): void {
    this.#isFocused = false
    this.emit('blur')
  }

  isVisible(): boolean {
    return this.#isVisible
  }

  isFocused(): boolean {
    return this.#isFocused
  }

  isMinimized(): boolean {
    return false
  }

  isMaximized(): boolean {
    return false
  }

  maximize(): void {}

  restore(): void {}

  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  getTitle(): string {
    return this.#title
  }

  setTitle(title: string): void {
    this.#title = title
  }

  getNormalBounds(): Rectangle {
    return this.#bounds
  }

  getBounds(): Rectangle {
    return this.#bounds
  }

  setBounds(bounds: Rectangle): void {
    this.#bounds = bounds
    this.emit('resize')
  }

  setBackgroundColor(color: string): void {
    this.standIn.backgroundColor = color
  }

  setProgressBar(progress: number): void {
    this.standIn.progress = progress
  }

  /** Chromium noticed another title of the document. */
  noticeTitle(title: string): void {
    const event = makeEvent({})
    this.emit('page-title-updated', event, title)
    if (!event.defaultPrevented) this.#title = title
  }

  close(): void {
    if (this.#isDestroyed) return
    const event = makeEvent({})
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    void this.webContents.closeTarget()
  }

  #markClosed(): void {
    this.#isDestroyed = true
    windows.delete(this)
    this.emit('closed')
    if (windows.size === 0) surroundings.allWindowsClosed()
  }
}
