import { LockstepError } from '../../../shared/failure/failure.ts'
import { demoFaults, isDemoFault } from '../../host/demo/demo-faults.ts'
import { runDemo } from '../../host/demo/run-demo.ts'
import { standardError } from '../../host/output/safe-output.ts'
import { type EndSignal, passSignalsOn } from '../../host/signals/watch-signals.ts'
import type { ChildProcess } from '../../programs/start-program.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { suggest } from '../arguments/suggest.ts'

interface DemoOptions {
  readonly fault: string
  readonly source?: string
  readonly again?: boolean
  readonly keep?: boolean
  readonly json?: string | boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** `lockstep demo`: the product, pointed at a sandbox that it starts itself. */
export const demoVerb: AddVerb = (program, setExitCode) => {
  program
    .command('demo')
    .summary('a whole safe migration on a real PostgreSQL cluster that it starts itself')
    .option('--fault <name>', 'what shall be wrong; see the list below', 'none')
    .option('--source <kind>', 'alembic or sql (default: alembic where Python allows it)')
    .option('--again', 'run a second time, to see that there is nothing left to do')
    .option('--keep', 'leave the sandbox running until Ctrl-C, to try the other verbs on it')
    .option('--json [kind]', 'one JSON document on stdout; --json=events for every event as a line')
    .option('-q, --quiet', 'nothing but errors on stderr')
    .option('--verbose', 'every event as a line')
    .addHelpText(
      'before',
      'Examples:\n  lockstep demo\n  lockstep demo --fault duplicate-rows\n  lockstep demo --json | jq .summary\n',
    )
    .addHelpText('after', `\nFaults:\n${listFaults()}`)
    .action(async (options: DemoOptions) => {
      const { fault, source } = options
      if (!isDemoFault(fault)) {
        throw new LockstepError({
          kind: 'usage',
          problem: `there is no fault "${fault}"`,
          fix: suggest(
            fault,
            demoFaults.map(one => one.name),
          ),
        })
      }
      if (source !== undefined && source !== 'alembic' && source !== 'sql') {
        throw new LockstepError({
          kind: 'usage',
          problem: `there is no source "${source}"`,
          fix: 'choose alembic or sql',
        })
      }
      const signals = passSignalsToChild()
      try {
        const exitCode = await runDemo({
          fault,
          source: source ?? null,
          keep: options.keep ?? false,
          again: options.again ?? false,
          commandLine: [process.execPath, process.argv[1] ?? ''],
          flags: [...flagsOf(options)],
          say: line => {
            if (!options.quiet) standardError.write(`${line}\n`)
          },
          interruptedBy: signals.interruptedBy,
          untilInterrupted: signals.untilInterrupted,
          onChild: signals.onChild,
          signal: signals.signal,
        })
        setExitCode(exitCode)
      } finally {
        signals.end()
      }
    })
}

function* flagsOf(options: DemoOptions): Generator<string> {
  if (options.json === true) yield '--json'
  if (typeof options.json === 'string') yield `--json=${options.json}`
  if (options.quiet) yield '--quiet'
  if (options.verbose) yield '--verbose'
}

function listFaults(): string {
  return demoFaults
    .map(
      fault =>
        `  ${fault.name.padEnd(22)} ${fault.story}; ${fault.expected} (exit ${fault.exitCodes.join(' or ')})\n`,
    )
    .join('')
}

/** Hands signals on to the process that runs the migration, so that the sandbox outlives its undoing. */
function passSignalsToChild() {
  let child: ChildProcess | null = null
  let interruptedBy: EndSignal | null = null
  const controller = new AbortController()
  const end = passSignalsOn(signal => {
    interruptedBy ??= signal
    controller.abort()
    child?.kill(signal)
  })
  return {
    signal: controller.signal,
    interruptedBy: () => interruptedBy,
    untilInterrupted: () => waitForAbort(controller.signal),
    onChild: (started: ChildProcess | null) => {
      child = started
    },
    end,
  }
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    // A signal handler alone does not keep the process alive.
    const keepAlive = setInterval(() => undefined, 60_000)
    signal.addEventListener('abort', () => {
      clearInterval(keepAlive)
      resolve()
    })
  })
}
