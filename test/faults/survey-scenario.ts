import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LockstepResult } from '../support/run-lockstep.ts'
import type { Command, Scenario } from './fault-scenarios.ts'
import { type Fleet, fleetTenants } from './fleet.ts'
import type { TenantReading } from './read-tenant.ts'
import type { FleetProject } from './write-fleet-project.ts'

/** What a scenario does when nothing is in its way. */
export interface Survey {
  /** Every moment that its last command reaches, such as `before:vote.prepare:2`, in order. */
  readonly moments: readonly string[]
  readonly before: TenantReading
  readonly after: TenantReading
}

const surveys = new Map<string, Promise<Survey>>()

/** Lets a scenario come to its end once, and notes the moments of its command; what is known is not tried again. */
export function surveyScenario(fleet: Fleet, scenario: Scenario): Promise<Survey> {
  const known = surveys.get(scenario.name) ?? makeSurvey(fleet, scenario)
  surveys.set(scenario.name, known)
  return known
}

async function makeSurvey(fleet: Fleet, scenario: Scenario): Promise<Survey> {
  const project = await fleet.prepare(scenario)
  const before = await fleet.read(fleetTenants[0], scenario)
  await runSteps(fleet, project, scenario)
  const list = join(project.stateFolder, 'moments')
  const ended = await command(fleet, project, scenario.command, `list:${list}`)
  if (ended.exitCode !== 0 && scenario.command !== 'recover')
    throw new Error(`${scenario.name}: ${ended.exitCode}: ${lastLines(ended.stderr)}`)
  const moments = readFileSync(list, 'utf8').trim().split('\n')
  rmSync(list)
  // A vote and whatever follows it leave every tenant alike: the end of a run is what the others are compared with.
  const last = await command(fleet, project, 'run')
  if (last.exitCode !== 0)
    throw new Error(`${scenario.name} does not come to its end: ${ended.stderr}${last.stderr}`)
  const after = await fleet.read(fleetTenants[0], scenario)
  return { moments, before, after }
}

/** Does what comes before the command that is cut off. */
export async function runSteps(fleet: Fleet, project: FleetProject, scenario: Scenario): Promise<void> {
  for (const { command: verb, killAt, target } of scenario.before) {
    const more = target ? ['--target', target] : []
    const ended = await command(fleet, project, verb, killAt && `kill:${killAt}`, more)
    const isAsWanted = killAt ? ended.exitCode === null : ended.exitCode === 0
    if (!isAsWanted)
      throw new Error(`${scenario.name}: ${verb} ended with ${ended.exitCode}: ${lastLines(ended.stderr)}`)
  }
}

/** The end of what was written: what went wrong is told last. */
export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join(' | ')
}

/** Runs a command line of the project to its end, or to the moment at which it is killed. */
export function command(
  fleet: Fleet,
  project: FleetProject,
  verb: Command,
  fault?: string,
  more: readonly string[] = [],
): Promise<LockstepResult> {
  return fleet.home.run([...argumentsOf[verb], ...more], {
    folder: project.folder,
    deadlineSeconds: 120,
    environment: { ...fleet.environmentOf(project), ...(fault ? { LOCKSTEP_FAULT: fault } : {}) },
  })
}

const gates = ['--gates', 'revision_graph']

/** What each command is called with: it asks nobody, and says what it found as a document. */
export const argumentsOf: Readonly<Record<Command, readonly string[]>> = {
  run: ['run', '--yes', '--json', ...gates],
  recover: ['recover', '--json'],
  rollback: ['rollback', 'last', '--yes', '--json', '--disconnect', '--accept-loss', '--reason', 'a test'],
  plan: ['plan', '--json'],
  prune: ['snapshots', 'prune', '--yes', '--keep', '1', '--json'],
}
