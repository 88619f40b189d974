import type { ToolPlace } from '../../adapters/pg-tools/tool-place.ts'
import type { AppPorts } from '../../app/app-ports.ts'
import type { Approvals } from '../../engine/ports/approvals.ts'
import type { Project } from '../settings/load-project.ts'
import { wirePorts } from './wire-ports.ts'

/** No approval is possible: for verbs that only read. */
export const noApprovals: Approvals = { ask: async () => ({ answer: 'nobody_there' }) }

/** What can be asked where nobody looks at the migrations: the servers, and what is kept of plans, runs and copies. */
export type ServerPorts = Pick<
  AppPorts,
  'servers' | 'prepared' | 'snapshots' | 'restores' | 'store' | 'leftCopies'
>

/** Wires the engine to a project's servers, files and programs, and ends what was started. */
export async function withEngine<T>(
  project: Project,
  approvals: Approvals,
  use: (ports: AppPorts, toolPlaces: (server: string) => readonly ToolPlace[]) => Promise<T>,
): Promise<T> {
  const wired = await wirePorts(project, approvals)
  try {
    await wired.openMigrations()
    return await use(wired.ports, wired.toolPlaces)
  } finally {
    await wired.close()
  }
}

/** The same for questions about servers and copies: the place of the migrations is not looked for, nor the grammar loaded. */
export async function withServers<T>(project: Project, use: (ports: ServerPorts) => Promise<T>): Promise<T> {
  const wired = await wirePorts(project, noApprovals)
  try {
    return await use(wired.ports)
  } finally {
    await wired.close()
  }
}
