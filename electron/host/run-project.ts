import type { RemovedCopy } from '../app/ports/left-copies.ts'
import { recoverFleet } from '../app/recover/recover-fleet.ts'
import type { FinishedRun } from '../app/run/finish-run.ts'
import { type MigrationRequest, migrateFleet } from '../app/run/migrate-fleet.ts'
import type { Approvals } from '../engine/ports/approvals.ts'
import type { EventReader } from '../engine/recording/recorder.ts'
import type { Project } from './settings/load-project.ts'
import { toolVersion } from './settings/tool-version.ts'
import { noApprovals, withEngine, withServers } from './wiring/with-engine.ts'

/** A migration, and who approves it. */
export interface RunProjectOptions extends Omit<MigrationRequest, 'config' | 'toolVersion'> {
  readonly approvals: Approvals
}

/** Runs a project's migration and leaves its log and report. */
export function runProject(
  project: Project,
  { approvals, ...asked }: RunProjectOptions,
): Promise<FinishedRun> {
  const request = { ...asked, config: project.config, toolVersion }
  return withEngine(project, approvals, ports => migrateFleet(request, ports))
}

/** Settles a run that did not come to its end, and writes its report again. */
export function recoverProject(
  project: Project,
  runId: string,
  readers: readonly EventReader[],
  signal: AbortSignal,
): Promise<FinishedRun> {
  const request = { config: project.config, runId }
  return withEngine(project, noApprovals, ports => recoverFleet(request, ports, readers, signal))
}

/** Removes the copies that rehearsals, restores and snapshots have left: a recovery ends with it. */
export function removeLeftCopies(project: Project, signal: AbortSignal): Promise<readonly RemovedCopy[]> {
  return withServers(project, ports => ports.leftCopies.remove(signal))
}
