import type { Failure } from '../failure/failure.ts'
import type { Environment } from '../plan/environment.ts'

/** What the dashboard is looking at, and what may be done in it. */
export interface SessionView {
  readonly toolVersion: string
  /** Set by `--read-only`: every request that changes something is refused. */
  readonly readOnly: boolean
  /** Null before one is chosen, or when it cannot be opened; `failure` then says why. */
  readonly project: ProjectView | null
  readonly failure: Failure | null
  readonly demo: DemoState
  readonly activeRuns: readonly ActiveRun[]
  /** The account of this machine, which is not verified. */
  readonly user: string
}

export interface ProjectView {
  readonly name: string
  /** The project file, or the Compose file that stands for it. */
  readonly file: string
  readonly folder: string
  readonly environment: Environment
  readonly isDemo: boolean
}

/** The sandbox cluster, started on demand. */
export type DemoState =
  | { readonly state: 'not_started' }
  | { readonly state: 'starting'; readonly lines: readonly string[] }
  | { readonly state: 'running'; readonly folder: string }
  | { readonly state: 'failed'; readonly failure: Failure }

/** A run without an end whose process is alive. */
export interface ActiveRun {
  readonly runId: string
  readonly startedAt: string | null
  readonly control: RunControlState
  /** False for a run of another process, such as a terminal's: it can be watched, not controlled. */
  readonly isOurs: boolean
}

/** `pausing` and `aborting` until a safe point is reached. */
export type RunControlState = 'running' | 'pausing' | 'paused' | 'aborting'
