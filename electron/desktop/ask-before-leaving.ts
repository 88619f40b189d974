import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { ActiveRun } from '../../shared/api/session-view.ts'

/** What becomes of a run whose window is closed. */
export type Leaving = 'stay' | 'keep_running' | 'pause'

/** The question, and what each of its buttons means. */
export interface LeavingQuestion {
  readonly options: MessageBoxOptions
  readonly answers: readonly Leaving[]
}

/** Asks what becomes of the run at work; nothing is lost by an answer, and staying is the default. */
export async function askBeforeLeaving(run: ActiveRun, window: BrowserWindow | null): Promise<Leaving> {
  const { options, answers } = describeLeaving(run)
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options))
  return answers[response] ?? 'stay'
}

/** A run that pauses already is not asked to. */
export function describeLeaving({ runId, control }: ActiveRun): LeavingQuestion {
  const canPause = control === 'running'
  const buttons: readonly (readonly [string, Leaving])[] = [
    [canPause ? 'Keep running in background' : 'Close the window', 'keep_running'],
    ...(canPause ? [['Pause the run and close', 'pause'] as const] : []),
    ['Stay', 'stay'],
  ]
  return {
    options: {
      type: 'question',
      title: 'Lockstep',
      message: `Run ${runId} is ${control === 'running' ? 'at work' : control}.`,
      detail: canPause
        ? 'In background it goes on without a window, and a notification says how it ends. Paused, it stops at the next safe point and waits. Starting Lockstep again shows it.'
        : 'It stays as it is without a window. Starting Lockstep again shows it.',
      buttons: buttons.map(([words]) => words),
      defaultId: buttons.length - 1,
      cancelId: buttons.length - 1,
      noLink: true,
    },
    answers: buttons.map(([, leaving]) => leaving),
  }
}
