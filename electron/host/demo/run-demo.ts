import { exitCodeOf } from '../../../shared/run/outcome.ts'
import { outcomeOfInterruption } from '../../engine/context/decide-outcome.ts'
import type { EndSignal } from '../signals/watch-signals.ts'
import { archiveRuns } from './archive-runs.ts'
import { type DemoFaultName, demoFaults } from './demo-faults.ts'
import { injectFault } from './inject-fault.ts'
import { type Demo, type DemoOptions, withDemo } from './open-demo.ts'
import { type StartedLockstep, startLockstep } from './start-lockstep.ts'

/** What `lockstep demo` is asked for. */
export interface DemoRequest extends DemoOptions {
  readonly commandLine: readonly string[]
  /** Flags that are handed on to `lockstep run`, such as `--json`. */
  readonly flags: readonly string[]
  /** Runs a second time, to show that there is nothing left to do. */
  readonly again: boolean
  /** The first signal that came; null before. */
  readonly interruptedBy: () => EndSignal | null
  /** Resolves when a person has had enough of a kept sandbox. */
  readonly untilInterrupted: () => Promise<void>
  /** Told about each started process, so that signals reach it; null when it has ended. */
  readonly onChild: (child: StartedLockstep['process'] | null) => void
}

/** Starts the sandbox, injects the fault, and runs the product on it; gives the product's own exit code. */
export function runDemo(request: DemoRequest): Promise<number> {
  const fault = demoFaults.find(candidate => candidate.name === request.fault)
  if (fault && fault.name !== 'none')
    request.say(`fault: ${fault.name}: ${fault.story}; expected: ${fault.expected}`)
  return withDemo(request, async demo => {
    // Before anything ran there is nothing to undo but the sandbox.
    if (request.signal.aborted) return exitCodeOf(outcomeOfInterruption(request.interruptedBy() ?? 'SIGINT'))
    const clear = await injectFault(demo, request.fault)
    try {
      const exitCode = await runWithFault(request, demo)
      if (request.keep) {
        request.say(
          `the sandbox stays until Ctrl-C; in another terminal: cd ${demo.folder} && lockstep status`,
        )
        await request.untilInterrupted()
      }
      return exitCode
    } finally {
      await clear()
      await archiveRuns(demo.folder)
    }
  })
}

async function runWithFault(request: DemoRequest, demo: Demo): Promise<number> {
  const { fault } = request
  switch (fault) {
    case 'crash-before-decision':
      return crash(request, demo, 'kill:before:group.decided:1')
    case 'crash-after-decision':
      // The decision of the last group: an earlier one would leave the groups after it undecided.
      return crash(request, demo, 'kill:after:group.decided:2')
    case 'server-crash':
      return crashServer(request, demo)
    case 'second-run':
      return runTwiceAtOnce(request, demo)
    default:
      return runPlainly(request, demo, fault)
  }
}

async function runPlainly(request: DemoRequest, demo: Demo, fault: DemoFaultName): Promise<number> {
  const again = request.again && fault === 'none'
  const exitCode = await finish(request, run(request, demo, { showResult: !again }))
  if (!again || exitCode !== 0) return exitCode
  return finish(request, run(request, demo, { showResult: true }))
}

async function crash(request: DemoRequest, demo: Demo, faultPoint: string): Promise<number> {
  await finish(request, run(request, demo, { showResult: false, faultPoint }))
  request.say('the process is gone; tenants are prepared and locked. Recovering:')
  return finish(request, recover(request, demo))
}

async function crashServer(request: DemoRequest, demo: Demo): Promise<number> {
  const started = run(request, demo, {
    showResult: false,
    faultPoint: `hold:after:tenant.voted:${demo.tenants.length}`,
  })
  await started.held
  request.say('killing the primary while every tenant is prepared')
  await demo.cluster.primary.kill()
  started.resume()
  await finish(request, started)
  request.say('starting the primary again, then recovering:')
  await demo.cluster.primary.start()
  return finish(request, recover(request, demo))
}

async function runTwiceAtOnce(request: DemoRequest, demo: Demo): Promise<number> {
  const first = run(request, demo, { showResult: false, faultPoint: 'hold:before:group.decided:1' })
  await first.held
  request.say('the first run is at work; starting a second one:')
  const second = await finish(request, run(request, demo, { showResult: true }))
  first.resume()
  await finish(request, first)
  return second
}

function run(
  request: DemoRequest,
  demo: Demo,
  options: { readonly showResult: boolean; readonly faultPoint?: string },
): StartedLockstep {
  return startLockstep({
    ...options,
    commandLine: request.commandLine,
    folder: demo.folder,
    args: ['run', '--yes', ...request.flags],
  })
}

function recover(request: DemoRequest, demo: Demo): StartedLockstep {
  return startLockstep({
    showResult: true,
    commandLine: request.commandLine,
    folder: demo.folder,
    args: ['recover', ...request.flags],
  })
}

async function finish(request: DemoRequest, started: StartedLockstep): Promise<number> {
  request.onChild(started.process)
  const exitCode = await started.ended
  request.onChild(null)
  return exitCode
}
