import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import type { StrayDatabase } from '../../engine/ports/restores.ts'
import type { LeftCopies, LeftCopy } from '../ports/left-copies.ts'

/** Every copy of a tenant that there is. */
export interface FoundCopies {
  /** Those that a rollback can return to. */
  readonly snapshots: readonly StoredSnapshot[]
  /** Databases that snapshots and rollbacks have made, as the servers hold them. */
  readonly strays: readonly StrayDatabase[]
  /** Those that a process has left which did not live to remove them. */
  readonly left: readonly LeftCopy[]
}

interface CopyPorts extends Pick<EnginePorts, 'snapshots' | 'restores'> {
  readonly leftCopies: Pick<LeftCopies, 'list'>
}

/** Reads which copies of tenants there are, and where. */
export async function readCopies(
  config: ProjectConfig,
  ports: CopyPorts,
  signal: AbortSignal,
): Promise<FoundCopies> {
  const strays = await listStrays(config, ports, signal)
  return { snapshots: await ports.snapshots.list(), strays, left: await ports.leftCopies.list(signal) }
}

/** Databases that snapshots and rollbacks have made, on every primary. */
export async function listStrays(
  { servers }: Pick<ProjectConfig, 'servers'>,
  { restores }: Pick<EnginePorts, 'restores'>,
  signal: AbortSignal,
): Promise<readonly StrayDatabase[]> {
  const found: StrayDatabase[] = []
  for (const { name, role } of servers)
    if (role === 'primary') found.push(...(await restores.listStrays(name, signal)))
  return found
}
