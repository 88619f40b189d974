import type { LockstepResult } from '../support/run-lockstep.ts'
import type { Application } from './application.ts'
import type { Scenario } from './fault-scenarios.ts'
import { type Fleet, fleetTenants } from './fleet.ts'
import { type Claim, claimOf, completeClaim, readClaim } from './read-claim.ts'
import { findLostRows } from './read-tenant.ts'
import { recoverInProcess, runInProcess } from './run-in-process.ts'
import { type Standing, standingOf } from './standing.ts'
import { command, type Survey } from './survey-scenario.ts'
import type { FleetProject } from './write-fleet-project.ts'

/** What a case has come to, and what it is judged by. */
export interface CaseEnd {
  readonly fleet: Fleet
  readonly project: FleetProject
  readonly scenario: Scenario
  readonly survey: Survey
  /** What the command left to which the fault happened. */
  readonly first: LockstepResult
  readonly application: Application
  /** True when the recovery has to be a command line. */
  readonly byCommand: boolean
  /** True when acknowledged commits may be gone for reasons that are not ours. */
  readonly mayLose?: boolean
  /** True when the servers are no longer what the project says, so that the next run may refuse to begin. */
  readonly mayRefuse?: boolean
}

export interface Judgement {
  readonly verdict: 'settled' | 'wrong' | 'unproven'
  readonly problems: readonly string[]
}

type Standings = Readonly<Record<string, Standing>>

/** Settles what a fault has left as a person would, and compares what is claimed with what is there. */
export async function judgeEnd(end: CaseEnd): Promise<Judgement> {
  const { project, scenario, first } = end
  const problems: string[] = []
  const say = (who: string, found: readonly string[]) =>
    problems.push(...found.map(problem => `${who}: ${problem}`))
  let unproven = false
  let standings: Standings | null = null
  if (first.exitCode !== null) {
    const claim = await completeClaim(readClaim(scenario.command, first), project)
    standings = await readStandings(end)
    say(scenario.command, findFalseWords(claim, standings, scenario))
    unproven ||= claim.exitCode === 6 && !namesEverybody(claim)
  }
  if (first.exitCode === null || needsRecovery(first.exitCode)) {
    const claim = await recover(end)
    standings = await readStandings(end)
    say('recover', findFalseWords(claim, standings, scenario))
    unproven ||= claim.exitCode === 6 && !namesEverybody(claim)
  }
  say('then', await findLeftBehind(end, standings ?? (await readStandings(end))))
  say('next run', await findNextProblems(end))
  if (problems.length > 0) return { verdict: 'wrong', problems }
  return { verdict: unproven ? 'unproven' : 'settled', problems }
}

/** By the command line where it has to find out what there is to recover, and now and then elsewhere. */
async function recover({ fleet, project, first, byCommand }: CaseEnd): Promise<Claim> {
  const [newest] = byCommand || first.exitCode !== null ? [] : await fleet.readRuns(project)
  return newest?.outcome === null && newest.events.length > 0
    ? await claimOf(await recoverInProcess(project, newest.runId), project)
    : readClaim('recover', await command(fleet, project, 'recover'))
}

function needsRecovery(exitCode: number): boolean {
  return exitCode === 6 || exitCode === 1 || exitCode === 7
}

async function readStandings({ fleet, scenario, survey }: CaseEnd): Promise<Standings> {
  const prepared = await fleet.listPrepared()
  const readStanding = async (tenant: string): Promise<Standing> => {
    // Its locks would hold up readers.
    if (prepared.some(gid => gid.endsWith(`:${tenant}`))) return 'prepared'
    return standingOf(await fleet.read(tenant, scenario), survey)
  }
  const entries = await Promise.all(
    fleetTenants.map(async tenant => [tenant, await readStanding(tenant)] as const),
  )
  return Object.fromEntries(entries)
}

/** Where every tenant comes from and goes to, by what is done. */
function endsOf({ command: verb, before }: Scenario): { readonly from: Standing; readonly to: Standing } {
  const isBack =
    verb === 'rollback' || (verb === 'recover' && before.some(step => step.command === 'rollback'))
  if (isBack) return { from: 'after', to: 'before' }
  return verb === 'prune' ? { from: 'after', to: 'after' } : { from: 'before', to: 'after' }
}

/** What a command says of how it ended, held against what every tenant is. */
function findFalseWords(claim: Claim, standings: Standings, scenario: Scenario): readonly string[] {
  const { from, to } = endsOf(scenario)
  const found = Object.values(standings)
  const told = JSON.stringify(standings)
  const problems: string[] = []
  if (found.includes('elsewhere')) problems.push(`somebody is nowhere on the way: ${told}`)
  switch (claim.exitCode) {
    case 0:
      if (claim.outcome === 'nothing_to_do' || scenario.command === 'plan' || scenario.command === 'prune') {
        if (new Set(found).size > 1) problems.push(`exit 0 (${claim.outcome}) and ${told}`)
      } else if (found.some(one => one !== to)) problems.push(`exit 0 and ${told}`)
      break
    case 3:
    case 4:
    case 5:
    case 129:
    case 130:
    case 143:
      if (found.some(one => one !== from)) problems.push(`exit ${claim.exitCode} and ${told}`)
      break
    case 6:
      problems.push(...findFalseStates(claim, standings, { from, to }))
      break
    case 1:
    case 2:
    case 7:
      // A run that refuses to begin, or fails before the first vote, has changed no tenant; a recovery finds what it finds.
      if (scenario.command !== 'recover' && found.some(one => one !== from))
        problems.push(`exit ${claim.exitCode} and ${told}`)
      break
    default:
      problems.push(`exit ${claim.exitCode}: ${claim.words}`)
  }
  return problems
}

/** Of an end that needs a human: no tenant may be called what it is not. */
function findFalseStates(
  { tenants }: Claim,
  standings: Standings,
  { from, to }: { readonly from: Standing; readonly to: Standing },
): readonly string[] {
  return tenants.flatMap(({ tenant, state }) => {
    const standing = standings[tenant]
    const isFalse =
      (state === 'committed' && standing === from && from !== to) ||
      (state === 'rolled_back' && standing === to && from !== to) ||
      (['committed', 'rolled_back'].includes(state) && standing === 'prepared')
    return isFalse ? [`${tenant} is called ${state} and is ${standing}`] : []
  })
}

function namesEverybody({ tenants }: Claim): boolean {
  return fleetTenants.every(name => tenants.some(({ tenant }) => tenant === name))
}

/** What a fault must not leave once everything is settled. */
async function findLeftBehind(end: CaseEnd, standings: Standings): Promise<readonly string[]> {
  const { fleet, project, scenario } = end
  const problems: string[] = []
  const prepared = await fleet.listPrepared()
  if (prepared.length > 0) problems.push(`still prepared: ${prepared.join(', ')}`)
  problems.push(...(await findMixture(end, standings)))
  const copies = await fleet.listCopies()
  if (copies.length > 0) {
    const told = await fleet.home.run(['snapshots', '--json'], {
      folder: project.folder,
      environment: fleet.environmentOf(project),
    })
    problems.push(
      ...copies
        .filter(copy => !told.stdout.includes(copy))
        .map(copy => `${copy} is left, and nobody says so`),
    )
  }
  // A log without an event is of a run that ended before it did anything.
  for (const { runId, problem, events } of await fleet.readRuns(project))
    if (problem !== null && events.length > 0)
      problems.push(`the log of ${runId}: ${JSON.stringify(problem)}`)
  if (scenario.traffic === 'writes' && !end.mayLose) {
    const { acknowledged } = end.application.saw()
    for (const tenant of fleetTenants) {
      const lost = await findLostRows(fleet.sandbox, tenant, [...(acknowledged[tenant] ?? [])])
      if (lost.length > 0) problems.push(`${tenant} has lost ${lost.length} acknowledged rows`)
    }
  }
  return problems
}

/** The promise of a vote: all of a group or none of it, and forward where it was decided. */
async function findMixture(
  { fleet, project, scenario }: CaseEnd,
  standings: Standings,
): Promise<readonly string[]> {
  if (!scenario.atomic) return []
  const { from, to } = endsOf(scenario)
  const [newest] = await fleet.readRuns(project)
  const decided = new Set(
    newest?.events.flatMap(event =>
      event.type === 'group.decided' && event.decision === 'commit' ? [event.group] : [],
    ),
  )
  const groups = { canary: fleetTenants.slice(0, 1), rest: fleetTenants.slice(1) }
  return Object.entries(groups).flatMap(([group, tenants]) => {
    const found = new Set(tenants.map(tenant => (standings[tenant] === from ? 'from' : 'to')))
    if (found.size > 1) return [`group ${group} is mixed: ${JSON.stringify(standings)}`]
    if (decided.has(group) && found.has('from') && from !== to)
      return [`group ${group} was decided, and has not committed: ${JSON.stringify(standings)}`]
    return []
  })
}

/** The next run has to bring every tenant to the target. */
async function findNextProblems(end: CaseEnd): Promise<readonly string[]> {
  const { exitCode, failure } = await runInProcess(end.project)
  if (end.mayRefuse && failure !== null && [2, 3, 6, 7].includes(exitCode)) return []
  if (exitCode !== 0) return [`exit ${exitCode}: ${JSON.stringify(failure)}`]
  const standings = await readStandings(end)
  return Object.values(standings).every(one => one === 'after')
    ? []
    : [`exit 0 and ${JSON.stringify(standings)}`]
}
