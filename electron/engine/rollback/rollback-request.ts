import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { RunContext } from '../context/run-context.ts'
import type { BegunRun } from '../run/with-run.ts'

/** Which run is undone, and what was accepted before. */
export interface RollbackRequest {
  readonly config: ProjectConfig
  readonly toolVersion: string
  readonly runId: string
  /** Names or globs; empty means every tenant that the run moved and that is not back yet. */
  readonly tenants: readonly string[]
  /** Why losses are accepted; null where they are not. */
  readonly acceptLoss: { readonly reason: string } | null
  /** Whether others' sessions may be ended where a copy takes the place of a database. */
  readonly disconnect: boolean
  /** The proposal that an approval by its id was given for, where it is kept. */
  readonly approved: RollbackProposal | null
}

/** A rollback whose tenants are known, with what it is asked to do. */
export interface AskedRollback extends BegunRun, RunContext {
  readonly request: RollbackRequest
}
