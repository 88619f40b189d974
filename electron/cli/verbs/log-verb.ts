import type { RunEvent } from '../../../shared/run/run-event.ts'
import { findRun } from '../../app/history/list-runs.ts'
import { readRun } from '../../app/history/read-run.ts'
import { canonicalizeRun } from '../../events/canonical-run.ts'
import { describeEvent } from '../../events/describe-event.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { openRunPlaces } from '../../host/stores/run-places.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { printJson } from '../output/print-json.ts'

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
      const found = await findRun(given, openRunPlaces(readGlobals(command)))
      const { runId, place } = found
      if (options.verify) {
        const verification = await place.archive.verify(runId)
        const { events, complete, headHash: head_hash, line, problem } = verification
        printJson({ run_id: runId, events, complete, head_hash, line, problem })
        if (verification.problem !== null) setExitCode(1)
        return
      }
      const print = (event: RunEvent): void => {
        const line = options.json
          ? JSON.stringify(event)
          : `${event.at.slice(11, 23)}  ${describeEvent(event)}`
        standardOutput.write(`${line}\n`)
      }
      if (options.follow) {
        // There is no reader any more, and nothing to wait for.
        const unread = new AbortController()
        standardOutput.onLost(() => unread.abort())
        for await (const event of place.store.follow(runId, 0, unread.signal)) print(event)
        return
      }
      const { events, problem } = await readRun(found)
      if (options.canonical)
        standardOutput.write(
          canonicalizeRun(events)
            .map(event => `${JSON.stringify(event)}\n`)
            .join(''),
        )
      else events.forEach(print)
      if (problem !== null) standardError.write(`note: ${problem}\n`)
    })
}
