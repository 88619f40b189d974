import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeFailure } from '../../shared/describe-failure.ts'
import { toFailure } from '../../shared/failure.ts'
import { exitCodeOf } from '../../shared/outcome.ts'
import { parseShellOptions } from '../../shared/shell-options.ts'
import { outcomeBeforeExecution } from '../engine/decide-outcome.ts'
import { forkPart } from '../host/parts/fork-part.ts'
import { superviseParts } from '../host/parts/supervise-parts.ts'
import { systemClock } from '../host/system-clock.ts'
import { openTerminal } from './dashboard-terminal.ts'
import { openDashboard } from './open-dashboard.ts'
import { watchSignals } from './watch-signals.ts'

/** The loopback dashboard as a program: `node web.js <options as JSON>`. */
const built = dirname(fileURLToPath(import.meta.url))
const terminal = openTerminal()
try {
  const options = parseShellOptions(process.argv[2] ?? '{}')
  const interrupted = watchSignals()
  process.exitCode = await openDashboard(options, {
    service: superviseParts({ start: forkPart(built), options }),
    files: join(built, 'renderer'),
    terminal,
    clock: systemClock,
    interrupted,
  })
} catch (error) {
  const failure = toFailure(error)
  const { what, where, why, fix } = describeFailure(failure)
  terminal.say(`error: ${what}`)
  for (const [name, words] of Object.entries({ at: where, why, fix })) {
    if (words) terminal.say(`  ${name.padStart(3)}  ${words}`)
  }
  process.exitCode = exitCodeOf(outcomeBeforeExecution(failure))
}
