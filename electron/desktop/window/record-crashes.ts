import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, crashReporter } from 'electron'

/** Keeps on this machine what went wrong in the shell itself, and uploads nothing; the engine, in its own process, goes on. */
export function recordCrashes(): void {
  crashReporter.start({ uploadToServer: false })
  process.on('uncaughtException', error => recordProblem('uncaught exception', error))
  process.on('unhandledRejection', error => recordProblem('unhandled rejection', error))
}

/** Writes a line about a problem of the shell. */
export function recordProblem(what: string, error: unknown): void {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  try {
    appendFileSync(
      join(app.getPath('userData'), 'desktop.log'),
      `${new Date().toISOString()} ${what}: ${words}\n`,
    )
  } catch {
    // Nothing is left to tell it to.
  }
}
