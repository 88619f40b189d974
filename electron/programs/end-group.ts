import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { type ChildProcess, startProgram } from './start-program.ts'

const politeMs = 500
const killMs = 2000
const lookMs = 10

/** Ends a process and everything in its group: asked first, then killed; returns when the group is gone. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  if (process.platform === 'win32') return endTree(child, pid)
  if (!signalGroup(pid, 'SIGTERM')) return
  if (await isGoneWithin(pid, politeMs)) return
  signalGroup(pid, 'SIGKILL')
  await isGoneWithin(pid, killMs)
}

/** Kills a process that was started with a group of its own, and what it has started there; waits for nothing. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') child.kill('SIGKILL')
  else signalGroup(child.pid, 'SIGKILL')
}

async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const until = performance.now() + milliseconds
  while (signalGroup(pid, 0)) {
    if (performance.now() > until) return false
    await delay(lookMs)
  }
  return true
}

/** False when no process of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/** Windows has no process groups; its own tool follows the parents instead. */
async function endTree(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const args = ['/pid', String(pid), '/t', '/f']
  const killer = startProgram({ area: 'processes', program: 'taskkill', args }, { stdio: 'ignore' })
  killer.once('error', () => child.kill('SIGKILL'))
  await once(child, 'exit')
}
