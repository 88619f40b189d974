import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { throwIfAborted } from '../../lib/throw-if-aborted.ts'
import { configure, copyDataFolder, createDataFolder, markStandby } from './create-data-folder.ts'
import { createSandboxFolder } from './create-sandbox-folder.ts'
import { findFreePort } from './find-free-port.ts'
import { locateBinaries, readBinaries } from './locate-binaries.ts'
import { PostgresServer } from './postgres-server.ts'
import { prepareRuntime, type Runtime } from './prepare-runtime.ts'
import { removeSharedMemory } from './remove-shared-memory.ts'
import { chooseServerUser, giveTo, type ServerUser } from './run-as.ts'
import type { SandboxOptions } from './sandbox-options.ts'
import { defaultSettings, standbySettings } from './server-configuration.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

/** One server of a sandbox. */
export type SandboxServer = Pick<
  PostgresServer,
  'name' | 'host' | 'port' | 'dataFolder' | 'logFile' | 'pid' | 'start' | 'stop' | 'kill'
>

/** A running sandbox: a primary and its streaming standbys. */
export interface SandboxCluster {
  readonly folder: string
  /** The superuser `postgres`, who may also replicate. The password is null when none is asked for. */
  readonly superuser: { readonly user: string; readonly password: string | null }
  readonly primary: SandboxServer
  readonly standbys: readonly SandboxServer[]
  /** Starts a server in recovery that belongs to another cluster: what a mistaken entry in the list of standbys looks like. */
  startForeignStandby(): Promise<SandboxServer>
  /** Ends every server and removes the folder. May be called twice. */
  stop(): Promise<void>
}

interface ClusterSetup {
  readonly folder: string
  readonly options: SandboxOptions
  readonly auth: 'trust' | 'scram'
  readonly collation: 'builtin' | 'libc'
  readonly password: string
  readonly passwordFile: string
  readonly user: ServerUser | null
  readonly runtime: Runtime
  readonly watchdog: Watchdog
  readonly servers: PostgresServer[]
}

/**
 * Starts a cluster in a temporary folder. It ends with `stop`, and with this process, however that ends.
 * A signal that comes meanwhile takes effect after the step at hand, which takes about a second at most.
 */
export async function startCluster(
  options: SandboxOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<SandboxCluster> {
  throwIfAborted(signal)
  const setup = await openSetup(options)
  try {
    return await buildCluster(setup, signal)
  } catch (error) {
    await closeSetup(setup)
    throw error
  }
}

async function openSetup(options: SandboxOptions): Promise<ClusterSetup> {
  const binaries = options.binariesFolder ? readBinaries(options.binariesFolder) : locateBinaries()
  const user = chooseServerUser()
  const folder = await createSandboxFolder(user, options.note)
  const watchdog = await startWatchdog(folder, options.keep ?? false)
  try {
    const runtime = await prepareRuntime(binaries, folder, user)
    const password = randomBytes(18).toString('base64url')
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, password)
    await giveTo(user, passwordFile, 0o600)
    const auth = options.auth ?? 'scram'
    const collation = options.collation ?? 'builtin'
    return { folder, options, auth, collation, password, passwordFile, user, runtime, watchdog, servers: [] }
  } catch (error) {
    await watchdog.release()
    throw error
  }
}

async function buildCluster(setup: ClusterSetup, signal: AbortSignal): Promise<SandboxCluster> {
  const { folder, options } = setup
  const names = ['primary', 'standby-1', 'standby-2'].slice(0, 1 + (options.standbys ?? 2))
  const [primaryName = 'primary', ...standbyNames] = names
  throwIfAborted(signal)
  await createDataFolder({ ...setup, dataFolder: join(folder, primaryName) })
  throwIfAborted(signal)
  for (const name of standbyNames) {
    copyDataFolder(join(folder, primaryName), join(folder, name), setup.user)
  }
  const primary = await startOnFreePort(setup, primaryName, async () => ({}))
  throwIfAborted(signal)
  const starting = standbyNames.map(name =>
    startOnFreePort(setup, name, async dataFolder => {
      await markStandby(dataFolder, setup.user)
      return standbySettings({ name, primaryPort: primary.port, password: setup.password })
    }),
  )
  // When one fails, the other must not be left half started.
  await Promise.allSettled(starting)
  const standbys = await Promise.all(starting)
  throwIfAborted(signal)
  let stopped: Promise<void> | null = null
  return {
    folder,
    superuser: { user: 'postgres', password: setup.auth === 'scram' ? setup.password : null },
    primary,
    standbys,
    startForeignStandby: () => startForeignStandby(setup),
    stop: () => {
      stopped ??= closeSetup(setup)
      return stopped
    },
  }
}

async function startForeignStandby(setup: ClusterSetup): Promise<SandboxServer> {
  const name = `foreign-standby-${setup.servers.length}`
  await createDataFolder({ ...setup, dataFolder: join(setup.folder, name) })
  return startOnFreePort(setup, name, async dataFolder => {
    await markStandby(dataFolder, setup.user)
    return {}
  })
}

/** Between finding a port and listening on it, another process may take it: then another one is tried. */
async function startOnFreePort(
  setup: ClusterSetup,
  name: string,
  prepare: (dataFolder: string) => Promise<Readonly<Record<string, string>>>,
): Promise<PostgresServer> {
  const dataFolder = join(setup.folder, name)
  const special = await prepare(dataFolder)
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort()
    configure(dataFolder, { ...defaultSettings(setup.options), ...special, port: String(port) })
    const logFile = join(setup.folder, 'logs', `${name}.log`)
    const server = new PostgresServer({ ...setup, name, port, dataFolder, logFile })
    try {
      await server.start()
      setup.servers.push(server)
      return server
    } catch (error) {
      if (attempt === 5 || !isPortTaken(error)) throw error
    }
  }
}

function isPortTaken(error: unknown): boolean {
  if (!(error instanceof LockstepError) || error.failure.kind !== 'sandbox_failed') return false
  return /could not create any TCP\/IP sockets/.test(error.failure.problem)
}

async function closeSetup(setup: ClusterSetup): Promise<void> {
  const { servers, watchdog, folder, options } = setup
  try {
    // Data that is thrown away needs no checkpoint.
    await Promise.all(servers.map(server => server.stop(options.keep ? 'fast' : 'immediate')))
    await Promise.all(servers.map(server => removeSharedMemory(server.dataFolder)))
    if (!options.keep) await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  } finally {
    await watchdog.release()
  }
}
