import { once } from 'node:events'
import { startProgram } from '../../programs/start-program.ts'

/**
 * Ends a sandbox whose owner is gone, however it went (exit, exception, signal, SIGKILL): the owner's end of a pipe closes,
 * and this program kills the servers it was told of and removes the folder. It is text, so that it needs no file of its own in a bundle.
 */
const program = String.raw`
const fs = require('node:fs'), path = require('node:path')
const [folder, keep] = process.argv.slice(1)
process.title = 'lockstep-watchdog ' + folder
const running = new Set(), known = new Set()
let text = ''
process.stdin.on('data', chunk => {
  text += chunk
  const lines = text.split('\n')
  text = lines.pop()
  for (const line of lines) {
    const pid = Number(line.slice(1))
    known.add(pid)
    if (line[0] === '+') running.add(pid)
    else running.delete(pid)
  }
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.on('error', () => {})
process.stdin.on('close', () => sweep(Date.now() + 10000, 'SIGQUIT'))
function findUntold() {
  let names = []
  try { names = fs.readdirSync(folder) } catch {}
  for (const name of names) {
    let pid = 0
    try { pid = Number(fs.readFileSync(path.join(folder, name, 'postmaster.pid'), 'utf8').split('\n')[0]) } catch {}
    if (pid > 0 && !known.has(pid)) running.add(pid)
  }
}
// In a container, the first process may never collect the dead.
function isZombie(pid) {
  try { return /\) [ZX] /.test(fs.readFileSync('/proc/' + pid + '/stat', 'utf8')) } catch { return false }
}
function sweep(deadline, signal) {
  findUntold()
  for (const pid of [...running]) {
    try { process.kill(pid, signal) } catch { running.delete(pid) }
    if (isZombie(pid)) running.delete(pid)
  }
  if (running.size > 0 && Date.now() < deadline) {
    setTimeout(sweep, 20, deadline, Date.now() > deadline - 6000 ? 'SIGKILL' : 0)
    return
  }
  if (keep === 'remove') fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}
`

/** The owner's side: tells the watchdog which processes to end, and lets it go when there are none. */
export interface Watchdog {
  watch(pid: number): void
  forget(pid: number): void
  release(): Promise<void>
}

/**
 * A packaged desktop app cannot run a program as plain Node (its fuse is off, so that no other program can either).
 * Its sandbox is ended by the process that started it; only a kill of the whole app leaves the servers.
 */
const isPackagedApp = /[\\/]app\.asar[\\/]/.test(import.meta.url)

const noWatchdog: Watchdog = {
  watch: () => undefined,
  forget: () => undefined,
  release: async () => undefined,
}

/** Starts the watchdog of one sandbox folder, in a session of its own so that Ctrl-C does not reach it. */
export async function startWatchdog(folder: string, keep: boolean): Promise<Watchdog> {
  if (isPackagedApp) return noWatchdog
  const args = ['-e', program, folder, keep ? 'keep' : 'remove']
  const child = startProgram(
    { area: 'sandbox', program: process.execPath, args, shownAs: 'watchdog' },
    {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH, ELECTRON_RUN_AS_NODE: '1' },
    },
  )
  await once(child, 'spawn')
  const ended = once(child, 'exit')
  child.stdin.on('error', () => undefined)
  child.unref()
  return {
    watch: pid => void child.stdin.write(`+${pid}\n`),
    forget: pid => void child.stdin.write(`-${pid}\n`),
    async release() {
      child.ref()
      child.stdin.end()
      await ended
    },
  }
}
