import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import { toFailure } from '../../shared/failure/failure.ts'
import { exitCodeOf } from '../../shared/run/outcome.ts'
import { outcomeBeforeExecution } from '../engine/context/decide-outcome.ts'
import { forkProcess } from '../host/processes/fork-process.ts'
import { parseLaunchOptions } from '../host/processes/launch-options.ts'
import { superviseProcesses } from '../host/processes/supervise-processes.ts'
import { systemClock } from '../host/settings/system-clock.ts'
import { type EndSignal, watchSignals } from '../host/signals/watch-signals.ts'
import { openTerminal } from './dashboard-terminal.ts'
import { openDashboard } from './open-dashboard.ts'

/** The loopback dashboard as a program: `node web.js <options as JSON>`. */
const built = dirname(fileURLToPath(import.meta.url))
const terminal = openTerminal()
try {
  const options = parseLaunchOptions(process.argv[2] ?? '{}')
  const { hasLeft, ...ends } = watchForEnd()
  process.exitCode = await openDashboard(options, {
    service: superviseProcesses({ start: forkProcess(built), options }),
    files: join(built, 'renderer'),
    terminal,
    clock: systemClock,
    ...ends,
  })
  // An engine that undoes a run without us must not keep us; it ends by itself.
  if (hasLeft()) process.exit()
} catch (error) {
  const failure = toFailure(error)
  const { what, where, why, fix } = describeFailure(failure)
  terminal.say(`error: ${what}`)
  for (const [name, words] of Object.entries({ at: where, why, fix })) {
    if (words) terminal.say(`  ${name.padStart(3)}  ${words}`)
  }
  process.exitCode = exitCodeOf(outcomeBeforeExecution(failure))
}

/** The first signal ends the dashboard; Ctrl-C twice, at a terminal that was told so, does not wait for what is undone. */
function watchForEnd() {
  let hasLeft = false
  let leave = (): void => undefined
  let interrupt = (_signal: EndSignal): void => undefined
  const interrupted = new Promise<EndSignal>(resolve => {
    interrupt = resolve
  })
  const left = new Promise<void>(resolve => {
    leave = resolve
  })
  watchSignals({
    onFirst: (signal, hint) => {
      interrupt(signal)
      if (hint !== '') terminal.say(hint.trim())
    },
    onLater: (signal, hint) => terminal.say(`${signal}: what is undone is waited for.${hint}`),
    onLeave: () => {
      hasLeft = true
      leave()
    },
  })
  return { interrupted, left, hasLeft: () => hasLeft }
}
