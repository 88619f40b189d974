import { chooseEvenly, createRandom, shuffle } from './choose-cases.ts'
import { namesOf } from './fault-cases.ts'
import { type ScenarioName, scenarioOf, scenarios } from './fault-scenarios.ts'
import { Fleet } from './fleet.ts'
import { type ServerFault, type ServerFaultName, serverFaults } from './server-faults.ts'
import { surveyScenario } from './survey-scenario.ts'
import { type CaseResult, tryKill } from './try-kill.ts'
import { tryServerFault } from './try-server-fault.ts'

export interface MatrixOptions {
  readonly seed: number
  /** How many cases are tried, of more than two thousand that there are. */
  readonly limit: number
  /** How many fleets are at work at once. */
  readonly lanes: number
  /** Told about each case as it ends. */
  readonly onResult: (result: CaseResult) => void
}

/** All cases of one scenario, and of the faults that are tried in it. */
interface Portion {
  readonly scenario: ScenarioName
  readonly seed: number
  readonly kills: number
  readonly faults: readonly { readonly fault: ServerFaultName; readonly count: number }[]
}

/** Tries so many cases; which ones, the seed determines. */
export async function runMatrix(options: MatrixOptions): Promise<readonly CaseResult[]> {
  const queue = [...divide(options)]
  const results: CaseResult[] = []
  const work = async (): Promise<void> => {
    for (let portion = queue.shift(); portion; portion = queue.shift())
      await runPortion(portion, result => {
        results.push(result)
        options.onResult(result)
      })
  }
  await Promise.all(Array.from({ length: options.lanes }, work))
  return results
}

/** A third of the cases are faults of servers; of few cases, those of a few scenarios. */
function divide({ seed, limit }: MatrixOptions): readonly Portion[] {
  const random = createRandom(seed)
  const names = (Object.keys(scenarios) as ScenarioName[]).filter(name => name in scenarios)
  const chosen = shuffle(names, random).slice(0, Math.max(1, Math.ceil(limit / 10)))
  const pairs = shuffle(
    Object.entries(serverFaults).flatMap(([fault, { scenarios: places }]: [string, ServerFault]) =>
      places.map(scenario => ({ fault: fault as ServerFaultName, scenario })),
    ),
    random,
  ).filter(({ scenario }) => chosen.includes(scenario))
  const faultCases = pairs.length === 0 ? 0 : Math.floor(limit / 3)
  const share = (total: number, index: number, count: number): number =>
    Math.floor(total / count) + (index < total % count ? 1 : 0)
  return chosen.map((scenario, index) => ({
    scenario,
    seed: seed * 1_000 + index,
    kills: share(limit - faultCases, index, chosen.length),
    faults: pairs.flatMap((pair, at) =>
      pair.scenario === scenario
        ? [{ fault: pair.fault, count: share(faultCases, at, pairs.length) }].filter(one => one.count > 0)
        : [],
    ),
  }))
}

async function runPortion(portion: Portion, tell: (result: CaseResult) => void): Promise<void> {
  const { scenario, seed, kills, faults } = portion
  const random = createRandom(seed)
  const { fleet: kind } = scenarioOf(scenario)
  let fleet = await Fleet.open(kind)
  try {
    const { moments } = await surveyScenario(fleet, scenarioOf(scenario))
    for (const moment of chooseKills(scenario, moments, kills, random))
      tell(await tryKill(fleet, scenario, moment))
    for (const { fault, count } of faults) {
      for (const moment of chooseHolds(moments, count, random)) {
        tell(await tryServerFault(fleet, scenario, fault, moment))
        if (!(serverFaults[fault] as ServerFault).spoils) continue
        await fleet.close()
        fleet = await Fleet.open(kind)
      }
    }
  } finally {
    await fleet.close()
  }
}

const nameOf = (moment: string): string => moment.split(':').slice(0, 2).join(':')

/** First those that this scenario has to show, then others, every name as often as any other. */
function chooseKills(
  scenario: ScenarioName,
  moments: readonly string[],
  count: number,
  random: () => number,
): readonly string[] {
  const wanted = namesOf(scenario).flatMap(name => chooseOneOf(name, scenario, moments, random))
  const rest = moments.filter(moment => !wanted.includes(moment))
  const more = chooseEvenly(rest, nameOf, Math.max(0, count - wanted.length), random)
  return [...shuffle(wanted, random), ...more].slice(0, Math.max(count, 1))
}

/** One occurrence before and one after; a name that is only ever told afterwards has no moment before it. */
function chooseOneOf(
  name: string,
  scenario: ScenarioName,
  moments: readonly string[],
  random: () => number,
): readonly string[] {
  const found = (['before', 'after'] as const).flatMap(when =>
    shuffle(
      moments.filter(moment => nameOf(moment) === `${when}:${name}`),
      random,
    ).slice(0, 1),
  )
  if (found.length === 0)
    throw new Error(`"${scenario}" has to show what a kill at ${name} does, and never gets there`)
  return found
}

/** A fault of a server matters from the lock to the end; every name as often as any other. */
function chooseHolds(moments: readonly string[], count: number, random: () => number): readonly string[] {
  const from = moments.indexOf('after:lock.acquire:1')
  const relevant = moments
    .slice(Math.max(0, from))
    .filter(
      moment => !/:(gate|phase|report|log|lock\.release|plan|approval)/.test(moment.replace(/^[a-z]+/, '')),
    )
  return chooseEvenly(relevant, nameOf, count, random)
}
