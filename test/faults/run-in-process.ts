import { join } from 'node:path'
import type { FinishedRun } from '../../electron/app/run/finish-run.ts'
import type { RunEnd } from '../../electron/engine/context/run-end.ts'
import { recoverProject, runProject } from '../../electron/host/run-project.ts'
import { loadProject, type Project } from '../../electron/host/settings/load-project.ts'
import { createApprovals } from '../../electron/host/stores/approval-channels.ts'
import type { FleetProject } from './write-fleet-project.ts'

function open({ folder, stateFolder }: FleetProject): Project {
  const loaded = loadProject(join(folder, 'lockstep.yml'), folder)
  return { ...loaded, runsFolder: join(stateFolder, 'runs'), plansFolder: join(stateFolder, 'plans') }
}

/** Settles a run that was cut off without a process of its own. */
export function recoverInProcess(project: FleetProject, runId: string): Promise<FinishedRun> {
  return recoverProject(open(project), runId, [], new AbortController().signal)
}

/** Runs a project to its end without a process of its own, which would cost more than the run. */
export async function runInProcess(given: FleetProject): Promise<RunEnd> {
  const project = open(given)
  const { plansFolder } = project
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
