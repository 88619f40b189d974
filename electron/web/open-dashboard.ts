import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { EngineEvent } from '../../shared/api/engine-api.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import { LockstepError } from '../../shared/failure/failure.ts'
import { exitCodeOf } from '../../shared/run/outcome.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { LaunchOptions } from '../host/processes/launch-options.ts'
import { askService } from '../host/service/interface/ask-service.ts'
import type { EndedRun, EngineService, ServiceClient } from '../host/service/interface/service.ts'
import type { EndSignal } from '../host/signals/watch-signals.ts'
import { type DashboardTerminal, describeForwarding } from './dashboard-terminal.ts'
import { type ServedDashboard, serveDashboard } from './serve-dashboard.ts'
import { waitUntilIdle } from './wait-until-idle.ts'

/** Where a dashboard is opened. */
export interface DashboardPlace {
  readonly service: EngineService
  /** The folder of the built renderer. */
  readonly files: string
  readonly terminal: DashboardTerminal
  readonly clock: Clock
  /** Resolves when it is to end. */
  readonly interrupted: Promise<EndSignal>
  /** Resolves when the undo is not to be waited for. */
  readonly left: Promise<void>
}

/** Serves the dashboard until it is interrupted or no page is connected any more; gives the exit code. */
export async function openDashboard(options: LaunchOptions, place: DashboardPlace): Promise<number> {
  const { service, terminal, clock, interrupted, left } = place
  const client = service.connect(event => sayProgress(terminal, event))
  const ended = new AbortController()
  try {
    const open = options.importFile === null ? options.open : await importRun(client, options.importFile)
    const dashboard = await serveDashboard({ service, files: place.files, port: options.port, open })
    const stopListening = announce(terminal, dashboard)
    if (options.demo) void openDemo(client, terminal)
    const idle = waitUntilIdle(
      {
        minutes: options.idleMinutes,
        countClients: dashboard.countClients,
        isAtWork: async () => (await findRunAtWork(client)) !== null,
        clock,
      },
      ended.signal,
    )
    const why = await Promise.race([interrupted, idle.then(() => 'idle' as const)])
    stopListening?.()
    const runAtWork = why === 'idle' ? null : await findRunAtWork(client)
    terminal.say(describeEnd(why, options.idleMinutes, runAtWork))
    await dashboard.close(why === 'idle' ? 'idle' : 'ended')
    if (runAtWork === null || why === 'idle') return 0
    const isLeft = left.then(() => ({ runId: runAtWork, outcome: null }))
    return concludeRun(terminal, await Promise.race([service.close(why), isLeft]))
  } finally {
    ended.abort()
    client.close()
    await Promise.race([service.close(), left])
  }
}

/** The exit code is that of the run, which may have come to its end all the same. */
function concludeRun(terminal: DashboardTerminal, ended: EndedRun | null): number {
  if (ended === null) return 0
  const outcome = ended.outcome ?? 'needs_human'
  if (outcome === 'needs_human')
    terminal.say(`Tenants may stay prepared and locked. Next: lockstep recover ${ended.runId}`)
  return exitCodeOf(outcome)
}

function announce(terminal: DashboardTerminal, dashboard: ServedDashboard): (() => void) | undefined {
  const { port } = dashboard
  terminal.say('The dashboard is open at this address. It signs in one browser, once; Ctrl-C ends it.')
  terminal.print(dashboard.newAddress())
  if (terminal.sshConnection !== null) {
    terminal.say(`From your own machine, first: ${describeForwarding(terminal.sshConnection, port)}`)
  }
  if (terminal.onEnter === null) return undefined
  terminal.say('Enter shows another address, which replaces this one.')
  return terminal.onEnter(() => terminal.say(dashboard.newAddress()))
}

function describeEnd(why: EndSignal | 'idle', minutes: number, runAtWork: string | null): string {
  if (why === 'idle') return `The dashboard ends: no page was connected for ${minutes} minutes.`
  return runAtWork === null
    ? 'The dashboard ends.'
    : `The dashboard ends: run ${runAtWork} is interrupted, undone and waited for.`
}

/** The run of this engine that is at work; null also when the engine cannot be asked. */
async function findRunAtWork(client: ServiceClient): Promise<string | null> {
  const reply = await askService(client, 'session.read', {})
  return reply.ok ? (reply.value.activeRuns.find(run => run.isOurs)?.runId ?? null) : null
}

async function importRun(client: ServiceClient, file: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new LockstepError({ kind: 'file_unreadable', file, problem })
  }
  const reply = await askService(client, 'run.import', { name: basename(file), text })
  if (!reply.ok) throw new LockstepError(reply.failure)
  return `#/runs/${reply.value.runId}`
}

/** The dashboard shows a failure too; it is said here for those who only see the terminal. */
async function openDemo(client: ServiceClient, terminal: DashboardTerminal): Promise<void> {
  const reply = await askService(client, 'demo.open', {})
  if (!reply.ok) terminal.say(`error: ${describeFailure(reply.failure).what}`)
}

function sayProgress(terminal: DashboardTerminal, event: EngineEvent): void {
  if (event.type === 'progress' && event.task === 'demo') terminal.say(event.line)
}
