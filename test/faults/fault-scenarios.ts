import type { FleetWay } from './fleet-files.ts'

/** What a fleet is made of; scenarios with the same kind share one. */
export type FleetKind = 'plain' | 'with a standby' | 'with dumps' | 'with a small disk for its WAL'

/** One way of working that is cut off at every moment. */
export interface Scenario {
  readonly name: string
  readonly fleet: FleetKind
  readonly source: 'sql' | 'alembic'
  readonly way: FleetWay
  /** Top-level keys of `lockstep.yml`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What an application does meanwhile: where copies take the places of tenants, nobody may write. */
  readonly traffic: 'writes' | 'reads'
  /** What comes before the command that is cut off, in order. */
  readonly before: readonly Step[]
  /** The command that is cut off. */
  readonly command: Command
  /** What its recovery may lead to. */
  readonly atomic: boolean
}

export type Command = 'run' | 'recover' | 'rollback' | 'plan' | 'prune'

/** A command that comes to its end, or is cut off at a moment. */
export interface Step {
  readonly command: Command
  readonly killAt?: string
  /** Of a run: the revision that it goes to; otherwise the last one. */
  readonly target?: string
}

const twoGroups = { groups: [{ name: 'canary', tenants: 'fleet_a' }] }
const alone = {
  groups: [{ name: 'all', tenants: '*', mode: 'independent', parallel: 2 }],
}
const copies = { snapshots: { data: 'always', how: 'dump', verify: true, minFreeBytes: 0 } }
const byCopies = { ...copies, rollback: { ways: ['snapshot'] } }

/** Every runner is an interpreter: two serve as well as four. */
const fewRunners = { execution: { parallelPerServer: 2 } }

const run = {
  fleet: 'plain',
  source: 'sql',
  way: 'transactional',
  traffic: 'writes',
  before: [],
  command: 'run',
  atomic: true,
  settings: twoGroups,
} as const

const ran: readonly Step[] = [{ command: 'run' }]

/** Every mode, both sources, and everything that follows or precedes a run. */
export const scenarios = {
  'fleet vote, SQL': run,
  'fleet vote, Alembic': { ...run, source: 'alembic', settings: { ...twoGroups, ...fewRunners } },
  'group vote, SQL': { ...run, settings: { ...twoGroups, vote: 'group' } },
  'group vote, Alembic': {
    ...run,
    source: 'alembic',
    settings: { ...twoGroups, ...fewRunners, vote: 'group' },
  },
  'vote with a standby, SQL': { ...run, fleet: 'with a standby' },
  'vote on a small disk, SQL': { ...run, fleet: 'with a small disk for its WAL' },
  'independent, SQL': { ...run, settings: alone, atomic: false },
  'independent, Alembic': { ...run, source: 'alembic', settings: { ...alone, ...fewRunners }, atomic: false },
  'vote and a tail, SQL': { ...run, way: 'with a tail' },
  'vote and a tail, Alembic': {
    ...run,
    source: 'alembic',
    way: 'with a tail',
    settings: { ...twoGroups, ...fewRunners },
  },
  'independent and a tail, SQL': { ...run, way: 'with a tail', settings: alone, atomic: false },
  'snapshots, SQL': { ...run, fleet: 'with dumps', settings: { ...twoGroups, ...copies } },
  'rehearsal, SQL': { ...run, fleet: 'with dumps', command: 'plan' },
  'rehearsal in a run, SQL': {
    ...run,
    fleet: 'with dumps',
    settings: { ...twoGroups, rehearsal: { when: 'always' } },
  },
  'recovery back, SQL': {
    ...run,
    before: [{ command: 'run', killAt: 'before:group.decided:1' }],
    command: 'recover',
  },
  'recovery forward, SQL': {
    ...run,
    before: [{ command: 'run', killAt: 'after:group.decided:2' }],
    command: 'recover',
  },
  'recovery forward, Alembic': {
    ...run,
    source: 'alembic',
    settings: { ...twoGroups, ...fewRunners },
    before: [{ command: 'run', killAt: 'after:group.decided:1' }],
    command: 'recover',
  },
  // A downgrade is rehearsed first, on a copy that needs a dump where an application is connected.
  'downgrade, SQL': { ...run, fleet: 'with dumps', before: ran, command: 'rollback' },
  'downgrade, Alembic': {
    ...run,
    fleet: 'with dumps',
    source: 'alembic',
    settings: { ...twoGroups, ...fewRunners },
    before: ran,
    command: 'rollback',
  },
  'recovery of a downgrade, SQL': {
    ...run,
    fleet: 'with dumps',
    before: [...ran, { command: 'rollback', killAt: 'after:group.decided:1' }],
    command: 'recover',
  },
  'way back by copies, SQL': {
    ...run,
    fleet: 'with dumps',
    settings: { ...twoGroups, ...byCopies },
    traffic: 'reads',
    before: ran,
    command: 'rollback',
  },
  'recovery of a way back by copies, SQL': {
    ...run,
    fleet: 'with dumps',
    settings: { ...twoGroups, ...byCopies },
    traffic: 'reads',
    before: [...ran, { command: 'rollback', killAt: 'after:tenant.restoring:6' }],
    command: 'recover',
  },
  'pruning, SQL': {
    ...run,
    fleet: 'with dumps',
    settings: { ...twoGroups, ...copies },
    // Only a copy that a later run has replaced is removed.
    before: [{ command: 'run', target: '0002' }, ...ran],
    command: 'prune',
  },
} as const satisfies Readonly<Record<string, Omit<Scenario, 'name'>>>

export type ScenarioName = keyof typeof scenarios

export function scenarioOf(name: ScenarioName): Scenario {
  return { ...scenarios[name], name }
}
