import type { ToolPlace } from '../../adapters/pg-tools/tool-place.ts'
import type { AppPorts } from '../../app/app-ports.ts'
import type { Approvals } from '../../engine/ports/approvals.ts'
import type { Project } from '../settings/load-project.ts'
import { type WiredPorts, wirePorts } from './wire-ports.ts'

/** No approval is possible: for verbs that only read. */
export const noApprovals: Approvals = { ask: async () => ({ answer: 'nobody_there' }) }

/** What can be asked where nobody looks at the migrations: the servers, and what is kept of plans, runs and copies. */
export type ServerPorts = Pick<
  AppPorts,
  'servers' | 'prepared' | 'locks' | 'snapshots' | 'restores' | 'store' | 'leftCopies'
>

/** What can be asked where migrations are read, and nothing is approved or run. */
export type ReadingPorts = ServerPorts & Pick<AppPorts, 'source' | 'parser' | 'digest' | 'facts' | 'plans'>

type ToolPlaces = (server: string) => readonly ToolPlace[]

/** Wires the engine to a project's servers, files and programs, and ends what was started. */
export function withEngine<T>(
  project: Project,
  approvals: Approvals,
  use: (ports: AppPorts, toolPlaces: ToolPlaces) => Promise<T>,
): Promise<T> {
  return lend(project, approvals, async wired => {
    wired.loadGrammar()
    await wired.openMigrations()
    return use(wired.ports, wired.toolPlaces)
  })
}

/** The same for questions about the fleet and its migrations: the grammar is loaded once a statement is looked at, if ever. */
export function withMigrations<T>(
  project: Project,
  use: (ports: ReadingPorts, toolPlaces: ToolPlaces) => Promise<T>,
): Promise<T> {
  return lend(project, noApprovals, async wired => {
    await wired.openMigrations()
    return use(wired.ports, wired.toolPlaces)
  })
}

/** The same for questions about servers and copies: the place of the migrations is not looked for, nor the grammar loaded. */
export function withServers<T>(project: Project, use: (ports: ServerPorts) => Promise<T>): Promise<T> {
  return lend(project, noApprovals, wired => use(wired.ports))
}

async function lend<T>(
  project: Project,
  approvals: Approvals,
  use: (wired: WiredPorts) => Promise<T>,
): Promise<T> {
  const wired = await wirePorts(project, approvals)
  try {
    return await use(wired)
  } finally {
    await wired.close()
  }
}
