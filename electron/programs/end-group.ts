import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

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
  const killer = spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true })
  killer.once('error', () => child.kill('SIGKILL'))
  await once(child, 'exit')
}
