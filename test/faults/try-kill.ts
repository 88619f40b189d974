import { startApplication } from './application.ts'
import { type ScenarioName, scenarioOf } from './fault-scenarios.ts'
import { type Fleet, fleetTenants, shop } from './fleet.ts'
import { type Judgement, judgeEnd } from './judge-end.ts'
import { command, runSteps, surveyScenario } from './survey-scenario.ts'

/** What came of a case. */
export interface CaseResult extends Judgement {
  readonly scenario: string
  readonly fault: string
  readonly moment: string
  readonly longestReadMs: number
  /** False when the command came to its end without coming by: what was to be tried was not. */
  readonly isReached: boolean
}

/** Kills a command at a moment while an application is at work, recovers, and looks at everything. */
export async function tryKill(
  fleet: Fleet,
  name: ScenarioName,
  moment: string,
  byCommand: boolean,
): Promise<CaseResult> {
  const scenario = scenarioOf(name)
  const survey = await surveyScenario(fleet, scenario)
  const project = await fleet.prepare(scenario)
  const { host, port } = fleet.sandbox.primary
  const writes = scenario.traffic === 'writes'
  const application = startApplication({ host, port, user: shop, tenants: fleetTenants, writes })
  try {
    await runSteps(fleet, project, scenario)
    const first = await command(fleet, project, scenario.command, `kill:${moment}`)
    const judgement = await judgeEnd({ fleet, project, scenario, survey, first, application, byCommand })
    const { longestReadMs } = application.saw()
    return {
      ...judgement,
      scenario: name,
      fault: 'kill',
      moment,
      longestReadMs,
      isReached: first.exitCode === null,
    }
  } finally {
    await application.stop()
  }
}
