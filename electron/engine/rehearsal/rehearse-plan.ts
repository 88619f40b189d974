import type { ProjectConfig } from '../../../shared/config/project-config.ts'
import { LockstepError } from '../../../shared/failure.ts'
import type { Rehearsal } from '../../../shared/foresight/rehearsal.ts'
import type { Plan } from '../../../shared/plan.ts'
import type { Topology } from '../../../shared/topology.ts'
import type { EnginePorts } from '../engine-ports.ts'

/** What is rehearsed, and how. */
export interface RehearsalRequest {
  readonly plan: Plan
  readonly topology: Topology
  readonly config: ProjectConfig
  /** Told of each step in words, for whoever waits. */
  readonly onProgress: (line: string) => void
}

/** Runs every route of a plan on a copy of one tenant of each class, down and up again. Throws `shadow_failed` when no copy can be made. */
export async function rehearsePlan(
  _request: RehearsalRequest,
  _ports: EnginePorts,
  _signal: AbortSignal,
): Promise<Rehearsal> {
  throw new LockstepError({ kind: 'shadow_failed', tried: [] })
}
