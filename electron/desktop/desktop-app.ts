import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron'
import type { InputOf, OutputOf, Reply, RequestName } from '../../shared/api/engine-api.ts'
import type { SessionView } from '../../shared/api/session-view.ts'
import type { CommandId } from '../../shared/commands/command-list.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import type { LaunchOptions } from '../host/processes/launch-options.ts'
import { askService } from '../host/service/interface/ask-service.ts'
import type { EngineService } from '../host/service/interface/service.ts'
import { askBeforeLeaving } from './ask-before-leaving.ts'
import type { Asker } from './bridge/answer-requests.ts'
import { channels } from './bridge/channels.ts'
import { connectWindow } from './bridge/connect-window.ts'
import { isHash, type OpenRequest } from './read-start.ts'
import { noticeOf, type RunBadge } from './run-badge.ts'
import { SystemNotifications } from './system-notifications.ts'
import { SessionWatch } from './watch-session.ts'
import { bringToFront, createWindow } from './window/create-window.ts'
import { followTheme } from './window/follow-theme.ts'

const approvalNoticeDelayMs = 2_000

/** The application while it lives: one engine, at most one window, and what is shown around it. */
export class DesktopApp {
  readonly #service: EngineService
  readonly #preload: string
  readonly #watch: SessionWatch
  readonly #display: SystemNotifications
  #window: BrowserWindow | null = null
  #asker: Asker | null = null
  #wasAtWork = false

  constructor(service: EngineService, preload: string) {
    this.#service = service
    this.#preload = preload
    this.#display = new SystemNotifications(
      () => this.#window,
      runId => this.show(`#/runs/${runId}`),
    )
    this.#watch = new SessionWatch(service, {
      onSession: session => this.#noticeSession(session),
      onRun: (before, after) => this.#noticeRun(before, after),
      onCutOff: runId => this.#noticeCutOff(runId),
    })
  }

  /** The page that may ask the engine; null without a window. */
  get asker(): Asker | null {
    if (this.#asker === null) return null
    const { isPage, request } = this.#asker
    return {
      isPage,
      request: async (name, input) => {
        const reply = await request(name, input)
        if (name === 'preferences.write') await this.#applyTheme()
        return reply
      },
    }
  }

  /** Opens the first window, at what the options ask for. */
  async start({ open, importFile, demo }: LaunchOptions, request: OpenRequest): Promise<void> {
    // The window does not wait for the engine: it says itself that it is connecting.
    const file = importFile ?? request.file
    this.show((file === null ? null : await this.#importFile(file)) ?? request.hash ?? open)
    void this.#watch.read()
    void this.#applyTheme()
    if (demo) await this.#ask('demo.open', {})
  }

  /** Shows an address of the dashboard, in the window that there is or in a new one. */
  show(hash: string | null): void {
    const address = hash !== null && isHash(hash) ? hash : null
    if (this.#window === null) {
      this.#openWindow(address ?? '#/')
      return
    }
    bringToFront(this.#window)
    if (address !== null) this.#window.webContents.send(channels.navigate, address)
  }

  /** Does what a link, a file or a second start asks for. */
  async grant(request: OpenRequest): Promise<void> {
    this.show((request.file === null ? null : await this.#importFile(request.file)) ?? request.hash)
  }

  /** A second `lockstep open`: its project, its sandbox or its file, in this window. */
  async openAgain({ choice, demo, open, importFile }: LaunchOptions): Promise<void> {
    const path = choice?.config ?? choice?.compose.files[0] ?? choice?.compose.folder ?? null
    this.show((importFile === null ? null : await this.#importFile(importFile)) ?? open)
    if (demo) await this.#ask('demo.open', {})
    else if (path !== null && !this.#isOpen(path)) await this.#ask('project.open', { path })
  }

  /** A command of the menu goes to the page, which knows what it means there. */
  runCommand(id: CommandId): void {
    if (this.#window === null) this.show(null)
    else this.#window.webContents.send(channels.command, id)
  }

  /** Whether the application may quit; where a run would be interrupted, it asks instead. */
  mayQuit(): boolean {
    if (this.#watch.ownRun === null) return true
    void this.#leave()
    return false
  }

  /** Whether the application lives on without a window. */
  livesWithoutWindow(): boolean {
    return this.#watch.ownRun !== null
  }

  /** Ends the engine; a run at work is interrupted, undone and waited for. */
  async end(): Promise<void> {
    this.#watch.close()
    await this.#service.close()
  }

  #openWindow(hash: string): void {
    const window = createWindow(this.#preload, hash)
    this.#window = window
    this.#asker = connectWindow(window, this.#service)
    window.on('close', event => {
      if (this.#watch.ownRun === null) return
      event.preventDefault()
      void this.#leave()
    })
    window.once('closed', () => {
      this.#window = null
      this.#asker = null
    })
    this.#display.showProgress()
  }

  /** A window that is destroyed asks no more. */
  async #leave(): Promise<void> {
    const run = this.#watch.ownRun
    const leaving = run === null ? 'keep_running' : await askBeforeLeaving(run, this.#window)
    if (leaving === 'stay') return
    if (leaving === 'pause' && run !== null) {
      const paused = await this.#ask('run.pause', {
        runId: run.runId,
        confirmation: { kind: 'acknowledged' },
      })
      if (!paused.ok) return
    }
    this.#window?.destroy()
  }

  #noticeSession(session: SessionView): void {
    const isAtWork = session.activeRuns.some(run => run.isOurs)
    const hasEnded = this.#wasAtWork && !isAtWork
    this.#wasAtWork = isAtWork
    // It was kept running without a window, and nothing is left to do.
    if (hasEnded && this.#window === null) app.quit()
  }

  #noticeRun(before: RunBadge | null, after: RunBadge): void {
    this.#display.showRun(after)
    const notice = noticeOf(before, after)
    if (notice === null) return
    const { runId } = after
    if (notice.kind !== 'waits_for_approval') {
      this.#display.notify(notice, runId)
      return
    }
    // An approval that was given beforehand is found at once: there is nothing to wait for.
    setTimeout(() => {
      if (this.#watch.badgeOf(runId)?.waitsForApproval === true) this.#display.notify(notice, runId)
    }, approvalNoticeDelayMs)
  }

  #noticeCutOff(runId: string): void {
    this.#display.forgetRuns()
    const title = `Run ${runId.slice(0, 8)} was cut off`
    this.#display.notify(
      { kind: 'cut_off', title, body: 'The engine ended. Recover the run to settle its tenants.' },
      runId,
    )
  }

  async #applyTheme(): Promise<void> {
    const reply = await askService(this.#watch.client, 'preferences.read', {})
    if (reply.ok) followTheme(reply.value.theme, this.#window)
  }

  #isOpen(path: string): boolean {
    const project = this.#watch.session?.project ?? null
    return project !== null && (project.file === path || project.folder === path)
  }

  /** The address of the run in a file; null when it cannot be read, which is said. */
  async #importFile(file: string): Promise<string | null> {
    let text: string
    try {
      text = await readFile(file, 'utf8')
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      this.#tell({ kind: 'file_unreadable', file, problem })
      return null
    }
    const reply = await this.#ask('run.import', { name: basename(file), text })
    return reply.ok ? `#/runs/${reply.value.runId}` : null
  }

  async #ask<Name extends RequestName>(name: Name, input: InputOf<Name>): Promise<Reply<OutputOf<Name>>> {
    const reply = await askService(this.#watch.client, name, input)
    if (!reply.ok) this.#tell(reply.failure)
    return reply
  }

  #tell(failure: Failure): void {
    const { what, fix } = describeFailure(failure)
    void dialog.showMessageBox({ type: 'error', title: 'Lockstep', message: what, detail: fix })
  }
}
