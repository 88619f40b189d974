import type { GateName } from '../../../shared/plan/verdict.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { AnalysisPorts } from '../analysis/analyze-plan.ts'
import type { GatePorts } from '../checks/gate.ts'
import type { RunContext, RunPorts } from '../context/run-context.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
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

/** What a migration asks of the outside world. */
export type MigrationPorts = RunPorts &
  AnalysisPorts &
  GatePorts &
  Pick<EnginePorts, 'approvals' | 'snapshots'>

/** A migration whose tenants are known, with what it is asked to do. */
export interface AskedRun extends BegunRun<MigrationPorts>, Omit<RunContext, 'ports'> {
  readonly request: RunRequest
}
