import { listProcessesIn } from '../../electron/adapters/embedded-postgres/list-processes.ts'
import type { RunningLockstep } from '../support/run-lockstep.ts'
import type { SmallDisk } from '../support/small-disk.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import type { ScenarioName } from './fault-scenarios.ts'
import type { Fleet } from './fleet.ts'
import { exhaustSlots, failOver, fillWalDisk, holdLock, makeDeadlock, standbyOf } from './strike-server.ts'
import { migrator } from './write-fleet-project.ts'

/** What a fault is done with. */
export interface FaultMeans {
  readonly fleet: Fleet
  readonly running: RunningLockstep
  /** In front of the primary, and of the standby. */
  readonly proxies: { readonly primary: TcpProxy; readonly standby: TcpProxy }
  /** Under the run log or the output, where the fault asks for one. */
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
  /** What lies on a small disk of its own. */
  readonly onDisk?: 'log' | 'output'
  /** How long the run may take, where it has to give up one connection after another; 150 where nothing is said. */
  readonly deadlineSeconds?: number
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
    deadlineSeconds: 400,
    strike: async ({ proxies }) => {
      proxies.primary.swallowAnswers()
      return async () => proxies.primary.heal()
    },
  },
  'black hole': {
    scenarios: [...votes, 'independent, SQL', 'vote and a tail, SQL'],
    isBetween: true,
    deadlineSeconds: 400,
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
    onDisk: 'log',
    strike: async ({ disk }) => {
      disk?.fill()
      return async () => disk?.free()
    },
  },
  'output disk full': {
    scenarios: votes,
    onDisk: 'output',
    strike: async ({ disk }) => {
      disk?.fill()
      return async () => disk?.free()
    },
  },
  'WAL disk full': {
    scenarios: ['vote on a small disk, SQL'],
    strike: ({ fleet }) => fillWalDisk(fleet),
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
  SIGHUP: signalled('SIGHUP'),
} as const satisfies Readonly<Record<string, ServerFault>>

export type ServerFaultName = keyof typeof serverFaults

function signalled(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): ServerFault {
  return {
    scenarios: runs,
    strike: async ({ running }) => {
      running.signal(name)
      return nothing
    },
  }
}
