import { listProcessesIn } from '../../electron/adapters/embedded-postgres/list-processes.ts'
import type { SandboxServer } from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import type { RunningLockstep } from '../support/run-lockstep.ts'
import type { SmallDisk } from '../support/small-disk.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'
import type { ScenarioName } from './fault-scenarios.ts'
import { type Fleet, fleetTenants, migrator } from './fleet.ts'

/** What a fault is done with. */
export interface FaultMeans {
  readonly fleet: Fleet
  readonly running: RunningLockstep
  /** In front of the primary, and of the standby. */
  readonly proxies: { readonly primary: TcpProxy; readonly standby: TcpProxy }
  /** Under the run log, where the fault asks for one. */
  readonly disk: SmallDisk | null
}

/** Something that goes wrong with a server, with the way to it, or with the machine. */
export interface ServerFault {
  /** The scenarios that it is tried in. */
  readonly scenarios: readonly ScenarioName[]
  /** Top-level keys of `lockstep.yml`, where it needs others. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** True when the command line reaches the servers through the proxies. */
  readonly isBetween?: boolean
  readonly needsDisk?: boolean
  /** True when the cluster is good for nothing afterwards. */
  readonly spoils?: boolean
  /** True when commits that were acknowledged may be gone, because a standby that lags took over. */
  readonly mayLose?: boolean
  /** Does it, and gives what puts it right once the run has ended. */
  strike(means: FaultMeans): Promise<() => Promise<void>>
}

const runs: readonly ScenarioName[] = [
  'fleet vote, SQL',
  'group vote, Alembic',
  'independent, SQL',
  'vote and a tail, SQL',
]
const votes: readonly ScenarioName[] = ['fleet vote, SQL', 'fleet vote, Alembic']
const withStandby: readonly ScenarioName[] = ['vote with a standby, SQL']
const nothing = async (): Promise<void> => undefined

/** Everything that is done to servers while a run is held at a moment. */
export const serverFaults = {
  'primary killed': {
    scenarios: runs,
    strike: async ({ fleet }) => {
      await fleet.sandbox.primary.kill()
      await fleet.sandbox.primary.start()
      return nothing
    },
  },
  'primary stopped at once': {
    scenarios: runs,
    strike: async ({ fleet }) => {
      await fleet.sandbox.primary.stop('immediate')
      await fleet.sandbox.primary.start()
      return nothing
    },
  },
  'primary gone until the end': {
    scenarios: votes,
    strike: async ({ fleet }) => {
      await fleet.sandbox.primary.kill()
      return () => fleet.sandbox.primary.start()
    },
  },
  'sessions ended': {
    scenarios: runs,
    strike: async ({ fleet }) => {
      await fleet.sandbox.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${migrator}'`,
      )
      return nothing
    },
  },
  'lock held': { scenarios: runs, strike: ({ fleet }) => holdLock(fleet) },
  'statement timeout': {
    scenarios: runs,
    settings: { execution: { statementTimeoutSeconds: 1, lockTimeoutSeconds: 20 } },
    strike: ({ fleet }) => holdLock(fleet),
  },
  deadlock: {
    scenarios: ['fleet vote, SQL', 'independent, SQL'],
    strike: ({ fleet }) => makeDeadlock(fleet),
  },
  'prepared slots exhausted': { scenarios: votes, strike: ({ fleet }) => exhaustSlots(fleet) },
  'connections cut': {
    scenarios: runs,
    isBetween: true,
    strike: async ({ proxies }) => {
      proxies.primary.cut()
      return nothing
    },
  },
  'connections slow': {
    scenarios: votes,
    isBetween: true,
    strike: async ({ proxies }) => {
      proxies.primary.delay(60)
      return async () => proxies.primary.heal()
    },
  },
  'connections half open': {
    scenarios: votes,
    isBetween: true,
    strike: async ({ proxies }) => {
      proxies.primary.swallowAnswers()
      return async () => proxies.primary.heal()
    },
  },
  'black hole': {
    scenarios: votes,
    isBetween: true,
    strike: async ({ proxies }) => {
      proxies.primary.swallowAll()
      return async () => proxies.primary.heal()
    },
  },
  'standby killed': {
    scenarios: withStandby,
    strike: async ({ fleet }) => {
      const standby = standbyOf(fleet)
      await standby.kill()
      return () => standby.start()
    },
  },
  'standby frozen': {
    scenarios: withStandby,
    strike: async ({ fleet }) => {
      const processes = await listProcessesIn(standbyOf(fleet).dataFolder)
      for (const pid of processes) process.kill(pid, 'SIGSTOP')
      return async () => {
        for (const pid of processes) process.kill(pid, 'SIGCONT')
      }
    },
  },
  'standby promoted': {
    scenarios: withStandby,
    spoils: true,
    strike: async ({ fleet }) => {
      await fleet.sandbox.query('select pg_promote()', 'postgres', standbyOf(fleet))
      return nothing
    },
  },
  'standby replaced': {
    scenarios: withStandby,
    isBetween: true,
    strike: async ({ fleet, proxies }) => {
      const foreign = await fleet.foreignStandby()
      proxies.standby.leadTo(foreign.port)
      return async () => proxies.standby.leadTo(standbyOf(fleet).port)
    },
  },
  'standby takes over': {
    scenarios: withStandby,
    isBetween: true,
    spoils: true,
    mayLose: true,
    strike: ({ fleet, proxies }) => failOver(fleet, proxies.primary),
  },
  'log disk full': {
    scenarios: ['fleet vote, SQL', 'independent, SQL'],
    needsDisk: true,
    strike: async ({ disk }) => {
      disk?.fill()
      return async () => disk?.free()
    },
  },
  'output closed': {
    scenarios: votes,
    strike: async ({ running }) => {
      running.process.stdout?.destroy()
      running.process.stderr?.destroy()
      return nothing
    },
  },
  SIGINT: signalled('SIGINT'),
  SIGTERM: signalled('SIGTERM'),
} as const satisfies Readonly<Record<string, ServerFault>>

export type ServerFaultName = keyof typeof serverFaults

function signalled(name: 'SIGINT' | 'SIGTERM'): ServerFault {
  return {
    scenarios: runs,
    strike: async ({ running }) => {
      running.signal(name)
      return nothing
    },
  }
}

function standbyOf(fleet: Fleet): SandboxServer {
  const [standby] = fleet.sandbox.standbys
  if (!standby) throw new Error('the fleet has no standby')
  return standby
}

/** Somebody reads the last tenant in a transaction that is left open. */
async function holdLock(fleet: Fleet): Promise<() => Promise<void>> {
  const client = await fleet.sandbox.connect(fleetTenants.at(-1))
  await client.query('begin')
  // A tenant that has voted keeps everybody out until it is decided.
  await client.query("set local lock_timeout = '300ms'")
  await client.query('lock table items in access share mode').catch(() => undefined)
  return () => client.end()
}

/** Somebody who reads a table that the migration waits for, and then waits for what the migration has. */
async function makeDeadlock(fleet: Fleet): Promise<() => Promise<void>> {
  const client = await fleet.sandbox.connect(fleetTenants.at(-1))
  await client.query('begin')
  await client.query("set local lock_timeout = '300ms'")
  const has = await client.query('lock table items in access share mode').then(
    () => true,
    () => false,
  )
  if (has) {
    await client.query("set local lock_timeout = '10s'")
    client.query('lock table lockstep_version in exclusive mode').catch(() => undefined)
  }
  return () => client.end().catch(() => undefined)
}

/** Others prepare transactions until there is room for none. */
async function exhaustSlots(fleet: Fleet): Promise<() => Promise<void>> {
  const client = await fleet.sandbox.connect('postgres')
  const gids: string[] = []
  for (let count = 0; count < 100; count += 1) {
    const gid = `others ${count}`
    await client.query('begin')
    await client.query('select pg_current_xact_id()')
    const isPrepared = await client.query(`prepare transaction '${gid}'`).then(
      () => true,
      () => false,
    )
    if (!isPrepared) break
    gids.push(gid)
  }
  await client.query('rollback')
  return async () => {
    for (const gid of gids) await client.query(`rollback prepared '${gid}'`)
    await client.end()
  }
}

/** The primary dies, and its standby takes over under the address that everybody knows. */
async function failOver(fleet: Fleet, proxy: TcpProxy): Promise<() => Promise<void>> {
  const standby = standbyOf(fleet)
  await fleet.sandbox.waitForStandbys()
  await fleet.sandbox.primary.kill()
  await fleet.sandbox.query('select pg_promote()', 'postgres', standby)
  await waitUntil(async () => {
    const [row] = await fleet.sandbox.query('select pg_is_in_recovery() as waits', 'postgres', standby)
    return row?.waits === false
  }, 'the standby to take over')
  proxy.leadTo(standby.port)
  fleet.truth = standby
  return nothing
}
