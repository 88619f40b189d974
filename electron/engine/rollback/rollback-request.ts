import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { GatePorts } from '../checks/gate.ts'
import type { RunContext, RunPorts } from '../context/run-context.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { BegunRun } from '../run/with-run.ts'
import type { ProposalPorts } from './propose-rollback.ts'

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

/** What a rollback asks of the outside world. */
export type RollbackPorts = RunPorts & ProposalPorts & GatePorts & Pick<EnginePorts, 'approvals'>

/** A rollback whose tenants are known, with what it is asked to do. */
export interface AskedRollback extends BegunRun<RollbackPorts>, Omit<RunContext, 'ports'> {
  readonly request: RollbackRequest
}
