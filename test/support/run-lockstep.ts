import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { chooseParentFolder } from '../../electron/adapters/embedded-postgres/choose-parent-folder.ts'
import { findProcesses, findTraces } from './find-traces.ts'
import { waitUntil } from './wait-until.ts'

/** What a finished command line left. */
export interface LockstepResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command line at work. */
export interface RunningLockstep {
  readonly process: ChildProcess
  readonly ended: Promise<LockstepResult>
  /** Resolves when the run is held at its fault point; fails when it ends before. */
  readonly held: Promise<void>
  /** Lets a held run go on. */
  resume(): void
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL'): void
  /** What has been written so far. */
  stdout(): string
  stderr(): string
}

export interface LockstepOptions {
  /** Where it is called; default: the home's own folder, which holds no project. */
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** See `readFaultPoint` of the host. */
  readonly faultPoint?: string
  /** Open files that are written to instead of what `stdout` and `stderr` give. */
  readonly outputs?: { readonly stdout?: number; readonly stderr?: number }
  /** After it the whole process group is killed, and the test fails. */
  readonly deadlineSeconds?: number
}

/** A private place for command lines: temporary folder, state folder, and everything that is started here. */
export interface LockstepHome {
  readonly folder: string
  readonly temporaryFolder: string
  readonly stateFolder: string
  /** What every command line here gets of the environment. */
  readonly environment: Readonly<Record<string, string>>
  start(args: readonly string[], options?: LockstepOptions): RunningLockstep
  run(args: readonly string[], options?: LockstepOptions): Promise<LockstepResult>
  /** Processes that were started from here, and what lies in the temporary folder. */
  traces(ports?: readonly number[]): Promise<readonly string[]>
  /** Ends what still runs, and removes the place. */
  close(): Promise<void>
}

/** Makes a place where command lines run without touching the user's own state. The caller must close it. */
export function openLockstepHome(): LockstepHome {
  const folder = mkdtempSync(join(chooseParentFolder(null) ?? tmpdir(), 'lockstep-home-'))
  const temporaryFolder = join(folder, 'tmp')
  const stateFolder = join(folder, 'state')
  mkdirSync(temporaryFolder)
  // The servers of a sandbox run as another user, who must be able to enter.
  chmodSync(folder, 0o755)
  chmodSync(temporaryFolder, 0o1777)
  const running = new Set<RunningLockstep>()
  const start: LockstepHome['start'] = (args, options = {}) => {
    const environment = { ...ownEnvironment(temporaryFolder, stateFolder), ...options.environment }
    const started = startLockstep(args, { folder, ...options, environment })
    running.add(started)
    void started.ended.finally(() => running.delete(started)).catch(() => undefined)
    return started
  }
  return {
    folder,
    temporaryFolder,
    stateFolder,
    environment: Object.fromEntries(
      Object.entries(ownEnvironment(temporaryFolder, stateFolder)).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
    start,
    run: (args, options) => start(args, options).ended,
    traces: async ports => {
      const left = readdirSync(temporaryFolder).map(name => `left ${name}`)
      const found = await findTraces(temporaryFolder, ports)
      return [...left, ...found.filter(trace => trace !== `folder ${temporaryFolder}`)]
    },
    close: async () => {
      for (const one of running) killGroup(one.process)
      // The sandbox's watchdog left the group: it ends the servers when it sees its owner gone.
      await waitUntil(() => findProcesses(folder).length === 0, `${folder} to be left by everybody`, 60)
      await Promise.allSettled([...running].map(one => one.ended))
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

/** Nothing of the caller's environment but what programs need: no PG*, no CI, no colours, no virtual environment. */
function ownEnvironment(temporaryFolder: string, stateFolder: string): NodeJS.ProcessEnv {
  const cache = process.env.XDG_CACHE_HOME
  return {
    PATH: process.env.PATH,
    HOME: homedir(),
    LANG: 'C.UTF-8',
    TMPDIR: temporaryFolder,
    LOCKSTEP_STATE_DIR: stateFolder,
    XDG_STATE_HOME: join(stateFolder, 'xdg'),
    ...(cache ? { XDG_CACHE_HOME: cache } : {}),
  }
}

function startLockstep(
  args: readonly string[],
  options: LockstepOptions & { readonly folder: string },
): RunningLockstep {
  const child = spawn(process.execPath, [inject('launcher'), ...args], {
    cwd: options.folder,
    detached: true,
    stdio: [
      'ignore',
      options.outputs?.stdout ?? 'pipe',
      options.outputs?.stderr ?? 'pipe',
      ...(options.faultPoint ? (['ipc'] as const) : []),
    ],
    env: {
      ...options.environment,
      ...(options.faultPoint ? { LOCKSTEP_FAULT: options.faultPoint } : {}),
    },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  const ended = waitForEnd(child, args, output, options.deadlineSeconds ?? 180)
  const held = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('close', () => reject(new Error(`ended before it was held:\n${output.stderr}`)))
  })
  held.catch(() => undefined)
  return {
    process: child,
    ended,
    held,
    resume: () => void child.send('go on'),
    signal: name => void child.kill(name),
    stdout: () => output.stdout,
    stderr: () => output.stderr,
  }
}

function waitForEnd(
  child: ChildProcess,
  args: readonly string[],
  output: { readonly stdout: string; readonly stderr: string },
  seconds: number,
): Promise<LockstepResult> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      killGroup(child)
      reject(new Error(`lockstep ${args.join(' ')} took more than ${seconds} s:\n${output.stderr}`))
    }, seconds * 1_000)
    child.once('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', exitCode => {
      clearTimeout(timer)
      resolve({ exitCode, stdout: output.stdout, stderr: output.stderr })
    })
  })
}

/** The process and everything that it started and that did not leave its group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

/** Waits for a line on standard error; fails when the command ends without it. */
export async function waitForLine(running: RunningLockstep, text: string): Promise<string> {
  await waitUntil(
    () => running.stderr().includes(text) || running.process.exitCode !== null,
    `the line "${text}"`,
    180,
  )
  const line = running
    .stderr()
    .split('\n')
    .find(one => one.includes(text))
  if (line === undefined) throw new Error(`ended without "${text}":\n${running.stderr()}`)
  return line
}
