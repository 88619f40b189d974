import { assertNever } from '../../shared/text/assert-never.ts'

/** Whether the end is followed. In `history` the position never moves by itself; `seen` is how long the log was when that began; null before that is known. */
export type FollowMode =
  | { readonly mode: 'follow' }
  | { readonly mode: 'history'; readonly seen: number | null }
  /** A run that has ended: there is nothing to follow. A reader that followed it until then still sees its last line. */
  | { readonly mode: 'ended'; readonly isAtEnd: boolean }

export type FollowStep =
  /** Scrolled upwards, selected, searched, or went to a line. */
  | { readonly kind: 'turned_away'; readonly total: number }
  /** Other lines are shown than before, so many. */
  | { readonly kind: 'shown_anew'; readonly total: number }
  | { readonly kind: 'reached_end' }
  | { readonly kind: 'run_ended' }
  | { readonly kind: 'run_went_on'; readonly total: number }

/** The mode after something that a reader or the run did. */
export function nextFollowMode(before: FollowMode, step: FollowStep): FollowMode {
  switch (step.kind) {
    case 'turned_away':
      if (before.mode === 'ended') return before.isAtEnd ? { mode: 'ended', isAtEnd: false } : before
      return before.mode === 'follow' ? { mode: 'history', seen: step.total } : before
    case 'shown_anew':
      return before.mode === 'history' ? { mode: 'history', seen: step.total } : before
    case 'reached_end':
      return before.mode === 'history' ? { mode: 'follow' } : before
    case 'run_ended':
      return before.mode === 'ended' ? before : { mode: 'ended', isAtEnd: before.mode === 'follow' }
    case 'run_went_on':
      if (before.mode !== 'ended') return before
      return before.isAtEnd ? { mode: 'follow' } : { mode: 'history', seen: step.total }
    default:
      return assertNever(step)
  }
}

/** Says whether the last line stays in sight, whatever is added. */
export function isPinnedTo(mode: FollowMode): boolean {
  return mode.mode === 'follow' || (mode.mode === 'ended' && mode.isAtEnd)
}

/** Lines that came since the reader turned away. */
export function countNewLines(mode: FollowMode, total: number): number {
  return mode.mode === 'history' && mode.seen !== null ? Math.max(0, total - mode.seen) : 0
}
