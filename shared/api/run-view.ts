import type { Outcome } from '../run/outcome.ts'
import type { RollbackProposal } from '../run/rollback.ts'
import type { RunState } from '../run/run-state.ts'
import type { NotYetJudged, Possibility } from './plan-view.ts'
import type { RunControlState } from './session-view.ts'
import type { LagSeries } from './topology-view.ts'

/** One run in a list. */
export interface RunSummary {
  readonly runId: string
  readonly project: string | null
  readonly startedAt: string | null
  /** Null while it has no end. */
  readonly outcome: Outcome | null
  readonly exitCode: number | null
  readonly alive: boolean
  /** Why its log cannot be read, in words; null when it can. */
  readonly damage: string | null
  /** Why there is nothing in it to settle here: it never had a first line, or a newer Lockstep wrote it. */
  readonly unreadable?: 'empty' | 'newer'
  /** Where its log does not tell what it did; `damage` says why. */
  readonly lost?: 'unreadable' | 'emptied'
  /** True for one that was opened from a file: it is only read. */
  readonly isImported: boolean
  /** Of a rollback: the run that it undoes. */
  readonly undoes?: string | null
  /** How long it took; null or missing while it has no end. */
  readonly durationMs?: number | null
}

/** A run as far as it has come: follow it from `state.lastSeq` on for the rest, without gap or repetition. */
export interface RunView {
  readonly summary: RunSummary
  readonly state: RunState
  readonly control: RunControlState
  readonly lag: readonly LagSeries[]
  /** What each gate is called and why it exists; a gate of another version may be missing. */
  readonly gateWords: Readonly<Record<string, { readonly title: string; readonly why: string }>>
  /** How it would be undone, as it was last worked out; not judged until that is asked for. */
  readonly rollback: RollbackProposal | NotYetJudged
  readonly possible: readonly Possibility[]
  /** Runs that belong to it: a rollback is a run of its own. */
  readonly links: readonly RunLink[]
}

/** A run that belongs to another one. */
export type RunLink =
  | { readonly kind: 'rolls_back'; readonly runId: string }
  | {
      readonly kind: 'rolled_back_by'
      readonly runId: string
      /** How many tenants it took back; null while it is at work, and where its log cannot be read. */
      readonly undone: number | null
    }

/** What differs between two runs. */
export interface RunComparison {
  readonly left: RunSummary
  readonly right: RunSummary
  readonly rows: readonly ComparisonRow[]
  readonly tenants: readonly { readonly tenant: string; readonly left: string; readonly right: string }[]
}

export interface ComparisonRow {
  readonly topic: 'outcome' | 'plan' | 'target' | 'phase' | 'gate' | 'group' | 'duration' | 'tool'
  readonly name: string
  readonly left: string
  readonly right: string
  readonly equal: boolean
}
