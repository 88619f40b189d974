import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { waitUntil } from './wait-until.ts'

/** An engine of its own, that is ended by the code that started it. */
export interface StartedEngine {
  readonly host: string
  stop(): Promise<void>
}

/**
 * Starts a Docker engine that shares nothing with another one on this machine:
 * a folder, a socket, a bridge and a range of addresses of its own, and no firewall rules.
 */
export async function startEngine(): Promise<StartedEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-docker-'))
  const host = `unix://${join(folder, 'docker.sock')}`
  let bridge: string | null = null
  let daemon: ChildProcess | null = null
  const stop = async (): Promise<void> => {
    if (daemon !== null) await stopDaemon(daemon, host)
    if (bridge !== null) await runCommand('ip', ['link', 'delete', bridge])
    await unmountUnder(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const number = await findFreeNumber()
    bridge = await makeBridge(number)
    const started = launch(folder, host, bridge, number)
    daemon = started
    await waitUntil(
      async () => started.exitCode !== null || (await answers(host)),
      'the Docker engine to answer',
      60,
    )
    if (started.exitCode !== null) throw new Error(`dockerd ended: ${lastLine(join(folder, 'log'))}`)
    return { host, stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}

const program = 'dockerd'

function launch(folder: string, host: string, bridge: string, number: number): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w')
  const places = [
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
    '-p',
    join(folder, 'pid'),
  ]
  const pool = `base=10.${number}.0.0/17,size=24`
  const network = [
    '--bridge',
    bridge,
    '--default-address-pool',
    pool,
    '--iptables=false',
    '--ip-forward=false',
  ]
  try {
    return spawn(program, [...places, ...network, '-H', host], {
      stdio: ['ignore', log, log],
      detached: true,
    })
  } finally {
    closeSync(log)
  }
}

/** A bridge that carries its own number: two engines never share one. */
async function makeBridge(number: number): Promise<string> {
  const name = `lockstep${number}`
  await runCommand('ip', ['link', 'add', 'name', name, 'type', 'bridge'])
  try {
    await runCommand('ip', ['address', 'add', `10.${number}.255.1/24`, 'dev', name])
    await runCommand('ip', ['link', 'set', name, 'up'])
    return name
  } catch (error) {
    await runCommand('ip', ['link', 'delete', name])
    throw error
  }
}

/** The second part of a 10.x range that no interface and no route of this machine uses. */
async function findFreeNumber(): Promise<number> {
  const used = `${await runCommand('ip', ['-4', 'route'])}${await runCommand('ip', ['-4', 'address'])}`
  for (let number = 210; number < 250; number++) {
    if (
      !used.includes(` 10.${number}.`) &&
      !used.startsWith(`10.${number}.`) &&
      !used.includes(`\n10.${number}.`)
    )
      return number
  }
  throw new Error('no range of addresses is free between 10.210 and 10.249')
}

async function answers(host: string): Promise<boolean> {
  return await runCommand('docker', ['-H', host, 'version'], { seconds: 10 }).then(
    () => true,
    () => false,
  )
}

/** Containers outlive a daemon and their networks outlive both: they go first. */
async function stopDaemon(daemon: ChildProcess, host: string): Promise<void> {
  const docker = (...args: string[]): Promise<string> => runCommand('docker', ['-H', host, ...args])
  const list = async (...args: string[]): Promise<readonly string[]> =>
    (await docker(...args).catch(() => '')).split('\n').filter(Boolean)
  const containers = await list('ps', '-aq')
  if (containers.length > 0) await docker('rm', '-f', '-v', ...containers).catch(() => '')
  const networks = await list('network', 'ls', '-q', '--filter', 'type=custom')
  if (networks.length > 0) await docker('network', 'rm', ...networks).catch(() => '')
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  daemon.kill('SIGTERM')
  const hasEnded = (): boolean => daemon.exitCode !== null || daemon.signalCode !== null
  await waitUntil(hasEnded, 'the Docker engine to end', 30).catch(async () => {
    daemon.kill('SIGKILL')
    await waitUntil(hasEnded, 'the Docker engine to be gone')
  })
}

/** A daemon that was killed leaves its mounts behind. */
async function unmountUnder(folder: string): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const inside = mounts.map(line => line.split(' ')[1] ?? '').filter(place => place.startsWith(`${folder}/`))
  for (const place of inside.reverse()) await runCommand('umount', ['-l', place])
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? ''
}
