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

/**
 * A third of the cases are faults of servers. Of a few cases all are of a few scenarios, since each has to be surveyed
 * first; of many, every scenario shows first what only it has to show.
 */
function divide({ seed, limit }: MatrixOptions): readonly Portion[] {
  const random = createRandom(seed)
  const names = shuffle(Object.keys(scenarios) as ScenarioName[], random)
  const chosen = names.slice(0, Math.max(1, Math.ceil(limit / 10)))
  const pairs = shuffle(
    Object.entries(serverFaults).flatMap(([fault, { scenarios: places }]: [string, ServerFault]) =>
      places.map(scenario => ({ fault: fault as ServerFaultName, scenario })),
    ),
    random,
  ).filter(({ scenario }) => chosen.includes(scenario))
  const faultCases = pairs.length === 0 ? 0 : Math.floor(limit / 3)
  const ofFaults = share(
    faultCases,
    pairs.map(() => 1),
  )
  const own = chosen.map(name => 2 * namesOf(name).length)
  const spare = limit - faultCases - own.reduce((sum, count) => sum + count, 0)
  // Interpreters are slow to start: where they are, fewer cases say as much as elsewhere.
  const weights = chosen.map(name => (scenarioOf(name).source === 'sql' ? 2 : 1))
  const kills =
    spare < 0 ? share(limit - faultCases, weights) : share(spare, weights).map((more, at) => more + own[at]!)
  return chosen.map((scenario, index) => ({
    scenario,
    seed: seed * 1_000 + index,
    kills: kills[index]!,
    faults: pairs.flatMap((pair, at) =>
      pair.scenario === scenario && ofFaults[at]! > 0 ? [{ fault: pair.fault, count: ofFaults[at]! }] : [],
    ),
  }))
}

/** Divides a number by weights; what is left over goes to the first ones. */
function share(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const shares = weights.map(weight => Math.floor((total * weight) / sum))
  const left = total - shares.reduce((all, one) => all + one, 0)
  return shares.map((one, index) => one + (index < left ? 1 : 0))
}

async function runPortion(portion: Portion, tell: (result: CaseResult) => void): Promise<void> {
  const { scenario, seed, kills, faults } = portion
  const random = createRandom(seed)
  const { fleet: kind } = scenarioOf(scenario)
  let fleet = await Fleet.open(kind)
  try {
    const { moments } = await surveyScenario(fleet, scenarioOf(scenario))
    for (const moment of chooseKills(scenario, moments, kills, random))
      tell(
        await orProblem(tryKill(fleet, scenario, moment, random() < shareOfCommands), {
          scenario,
          fault: 'kill',
          moment,
        }),
      )
    for (const { fault, count } of faults) {
      for (const moment of chooseHolds(moments, count, random)) {
        const trying = tryServerFault(fleet, scenario, fault, moment)
        const result = await orProblem(trying, { scenario, fault, moment })
        tell(result)
        // A case that went wrong may have left its fault where it was, and must not spoil the next one.
        if (!(serverFaults[fault] as ServerFault).spoils && result.verdict === 'settled') continue
        await fleet.close()
        fleet = await Fleet.open(kind)
      }
    }
  } finally {
    await fleet.close()
  }
}

/** A case that cannot be tried to its end is a problem like any other: it must not hide the rest. */
async function orProblem(
  trying: Promise<CaseResult>,
  which: Pick<CaseResult, 'scenario' | 'fault' | 'moment'>,
): Promise<CaseResult> {
  try {
    return await trying
  } catch (error) {
    const problems = [String(error).split('\n').slice(0, 3).join(' | ')]
    return { ...which, verdict: 'wrong', problems, longestReadMs: 0, isReached: true }
  }
}

/** A process of its own for every recovery would cost more than what it recovers. */
const shareOfCommands = 0.35

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
