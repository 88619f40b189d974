import type { GateName } from '../../../shared/plan/verdict.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { RunContext } from '../context/run-context.ts'
import type { BegunRun } from './with-run.ts'

/** What a run is asked to do. */
export interface RunRequest {
  readonly config: ProjectConfig
  readonly toolVersion: string
  /** Heads or revisions; empty means the configured target, or every head. */
  readonly target: readonly string[]
  /** Names or globs of tenants; empty means all. */
  readonly tenants: readonly string[]
  /** Null means every gate. */
  readonly gates: readonly GateName[] | null
}

/** A migration whose tenants are known, with what it is asked to do. */
export interface AskedRun extends BegunRun, RunContext {
  readonly request: RunRequest
}
