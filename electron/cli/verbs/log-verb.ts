import { canonicalizeRun } from '../../../shared/canonical-run.ts'
import { describeEvent } from '../../../shared/describe-event.ts'
import { verifyRunLog } from '../../adapters/run-log/verify-run-log.ts'
import { findRun, runFolders } from '../../host/find-run.ts'
import type { AddVerb } from '../add-verb.ts'
import { printJson } from '../print-json.ts'
import { readGlobals } from '../read-globals.ts'

interface LogOptions {
  readonly json?: boolean
  readonly canonical?: boolean
  readonly verify?: boolean
  readonly follow?: boolean
}

/** `lockstep log`: everything that happened in a run. */
export const logVerb: AddVerb = (program, setExitCode) => {
  program
    .command('log')
    .argument('[run]', 'run id, its beginning, or "last"', 'last')
    .summary('show everything that happened in a run')
    .option('--json', 'one event per line, as stored')
    .option(
      '--canonical',
      'without clocks, ports and timing: equal for two runs of the same plan on the same input',
    )
    .option('--verify', 'check the hash chain; exit 1 when the log is damaged')
    .option('-f, --follow', 'go on until the run ends')
    .addHelpText(
      'before',
      `Examples:
  lockstep log                          the newest run
  lockstep log 01K2ZQ6J --verify
  diff <(lockstep log A --canonical) <(lockstep log B --canonical)
`,
    )
    .action(async (given: string, options: LogOptions, command) => {
      const { runId, folder, store } = await findRun(
        given,
        runFolders(readGlobals(command).config, process.cwd()),
      )
      if (options.verify) {
        const verification = await verifyRunLog(folder, runId)
        const { events, complete, headHash: head_hash, line, problem } = verification
        printJson({ run_id: runId, events, complete, head_hash, line, problem })
        if (verification.problem !== null) setExitCode(1)
        return
      }
      if (options.canonical) {
        const events = canonicalizeRun(await store.read(runId))
        process.stdout.write(events.map(event => `${JSON.stringify(event)}\n`).join(''))
        return
      }
      const signal = new AbortController().signal
      const events = options.follow ? store.follow(runId, 0, signal) : await store.read(runId)
      for await (const event of events) {
        process.stdout.write(
          `${options.json ? JSON.stringify(event) : `${event.at.slice(11, 23)}  ${describeEvent(event)}`}\n`,
        )
      }
    })
}
