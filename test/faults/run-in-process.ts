import { join } from 'node:path'
import type { RunEnd } from '../../electron/engine/run-end.ts'
import { createApprovals } from '../../electron/host/approval-channels.ts'
import { loadProject } from '../../electron/host/load-project.ts'
import { runProject } from '../../electron/host/run-project.ts'
import type { FleetProject } from './fleet.ts'

/** Runs a project to its end without a process of its own, which would cost more than the run. */
export async function runInProcess({ folder, stateFolder }: FleetProject): Promise<RunEnd> {
  const loaded = loadProject(join(folder, 'lockstep.yml'), folder)
  const plansFolder = join(stateFolder, 'plans')
  const project = { ...loaded, runsFolder: join(stateFolder, 'runs'), plansFolder }
  const { end } = await runProject(project, {
    target: [],
    tenants: [],
    gates: ['revision_graph'],
    approvals: createApprovals({ yes: true, planId: null, confirmation: null, prompt: null, plansFolder }),
    readers: [],
    interruption: { signal: new AbortController().signal, name: () => null },
  })
  return end
}
