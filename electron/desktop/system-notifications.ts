import { type BrowserWindow, Notification, powerSaveBlocker } from 'electron'
import type { Notice, RunBadge } from './run-badge.ts'

/** What the desktop shows of runs outside the page: a notification, progress at the icon, and a machine that stays awake. */
export class SystemNotifications {
  readonly #findWindow: () => BrowserWindow | null
  readonly #showRun: (runId: string) => void
  /** Referenced until they are closed: a notification that is collected as garbage cannot be clicked. */
  readonly #notifications = new Set<Notification>()
  readonly #applying = new Map<string, RunBadge>()
  #blocker: number | null = null

  constructor(findWindow: () => BrowserWindow | null, showRun: (runId: string) => void) {
    this.#findWindow = findWindow
    this.#showRun = showRun
  }

  /** Notifies a person who looks elsewhere; a click shows the run. */
  notify({ title, body }: Notice, runId: string): void {
    if (this.#findWindow()?.isFocused() === true || !Notification.isSupported()) return
    const notification = new Notification({ title, body })
    this.#notifications.add(notification)
    const forget = (): void => {
      this.#notifications.delete(notification)
    }
    notification.once('close', forget)
    notification.once('click', () => {
      forget()
      this.#showRun(runId)
    })
    notification.show()
  }

  /** Follows one run; only one that changes databases is shown. */
  showRun(badge: RunBadge): void {
    if (badge.isApplying) this.#applying.set(badge.runId, badge)
    else this.#applying.delete(badge.runId)
    this.#keepAwake(this.#applying.size > 0)
    this.showProgress()
  }

  /** The runs are gone, with the engine that ran them. */
  forgetRuns(): void {
    this.#applying.clear()
    this.#keepAwake(false)
    this.showProgress()
  }

  /** Also for a window that has just been opened. */
  showProgress(): void {
    const [first] = this.#applying.values()
    this.#findWindow()?.setProgressBar(first?.progress ?? -1)
  }

  #keepAwake(isApplying: boolean): void {
    if (isApplying && this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension')
    } else if (!isApplying && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker)
      this.#blocker = null
    }
  }
}
