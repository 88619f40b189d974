import type { GateName } from '../../../shared/plan/verdict.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { Interruption } from '../../engine/context/interruption.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import type { MigrationPorts } from '../../engine/run/asked-run.ts'
import { runMigration } from '../../engine/run/run-migration.ts'
import type { AppPorts } from '../app-ports.ts'
import { type FinishedRun, finishRun, foldReader } from './finish-run.ts'
import { settleKeptPlan } from './settle-kept-plan.ts'

/** What is migrated, and how far. */
export interface MigrationRequest {
  readonly config: ProjectConfig
  readonly toolVersion: string
  readonly target: readonly string[]
  readonly tenants: readonly string[]
  /** Null means every gate. */
  readonly gates: readonly GateName[] | null
  readonly readers: readonly EventReader[]
  readonly interruption: Interruption
}

/** Runs a migration to its end, and leaves its log and report. */
export async function migrateFleet(
  { readers, interruption, ...request }: MigrationRequest,
  ports: MigrationPorts & Pick<AppPorts, 'newRunId' | 'archive' | 'plans'>,
): Promise<FinishedRun> {
  const log = await ports.store.create(ports.newRunId())
  const folded = foldReader()
  const end = await runMigration(request, ports, log, [folded.read, ...readers], interruption)
  await log.close()
  // The log is the truth: what became of a kept plan is beside it, and no reason to fail.
  await settleKeptPlan(ports.plans, end, folded.state()).catch(() => undefined)
  return finishRun(request.config, ports, end, folded.state())
}
