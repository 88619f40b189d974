import { closeSync, openSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { withSmallDisk } from '../support/small-disk.ts'
import { openTcpProxy } from '../support/tcp-proxy.ts'
import { startApplication } from './application.ts'
import { type ScenarioName, scenarioOf } from './fault-scenarios.ts'
import { type Fleet, fleetTenants, shop } from './fleet.ts'
import { judgeEnd } from './judge-end.ts'
import { type FaultMeans, type ServerFault, type ServerFaultName, serverFaults } from './server-faults.ts'
import { argumentsOf, surveyScenario } from './survey-scenario.ts'
import type { CaseResult } from './try-kill.ts'

/** Room for a run log and its reserve. */
const diskBytes = 4 * 1024 * 1024

/** Holds a run at a moment, lets something go wrong, lets it go on, and puts it right when the run has ended. */
export async function tryServerFault(
  fleet: Fleet,
  name: ScenarioName,
  faultName: ServerFaultName,
  moment: string,
): Promise<CaseResult> {
  const fault: ServerFault = serverFaults[faultName]
  const known = scenarioOf(name)
  const survey = await surveyScenario(fleet, known)
  const scenario = { ...known, settings: { ...known.settings, ...fault.settings } }
  const proxies = {
    primary: await openTcpProxy(fleet.sandbox.primary.port),
    standby: await openTcpProxy(fleet.sandbox.standbys[0]?.port ?? fleet.sandbox.primary.port),
  }
  const ports = fault.isBetween ? { primary: proxies.primary.port, standby: proxies.standby.port } : {}
  const project = await fleet.prepare(scenario, ports)
  const { host, port } = fleet.sandbox.primary
  const application = startApplication({ host, port, user: shop, tenants: fleetTenants, writes: true })
  const work = async (disk: FaultMeans['disk']): Promise<CaseResult> => {
    if (disk && fault.onDisk === 'log') {
      rmSync(project.stateFolder, { recursive: true })
      symlinkSync(disk.folder, project.stateFolder)
    }
    const output = disk && fault.onDisk === 'output' ? openSync(join(disk.folder, 'output'), 'a') : null
    const running = fleet.home.start(argumentsOf[scenario.command], {
      folder: project.folder,
      faultPoint: `hold:${moment}`,
      deadlineSeconds: fault.deadlineSeconds ?? 150,
      ...(output === null ? {} : { outputs: { stdout: output, stderr: output } }),
      environment: fleet.environmentOf(project),
    })
    if (output !== null) closeSync(output)
    const isHeld = await running.held.then(
      () => true,
      () => false,
    )
    const heal = isHeld ? await fault.strike({ fleet, running, proxies, disk }) : async () => undefined
    if (isHeld) running.resume()
    const first = await running.ended.catch(error => String(error))
    await heal()
    const described = { scenario: name, fault: faultName, moment, isReached: isHeld }
    if (typeof first === 'string') return { ...described, ...hangs(first), longestReadMs: 0 }
    await fleet.waitUntilUp()
    const judgement = await judgeEnd({
      ...{ fleet, project, scenario, survey, first, application, byCommand: true },
      mayLose: fault.mayLose ?? false,
      mayRefuse: fault.spoils ?? false,
    })
    return { ...described, ...judgement, longestReadMs: application.saw().longestReadMs }
  }
  try {
    return fault.onDisk ? await withSmallDisk(diskBytes, work) : await work(null)
  } finally {
    await application.stop()
    await proxies.primary.close()
    await proxies.standby.close()
  }
}

function hangs(words: string): Pick<CaseResult, 'verdict' | 'problems'> {
  return {
    verdict: 'wrong',
    problems: [[words.split('\n')[0], ...words.trim().split('\n').slice(-3)].join(' | ')],
  }
}
