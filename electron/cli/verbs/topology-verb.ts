import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import { outcomeBeforeExecution, outcomeOfInterruption } from '../../engine/context/decide-outcome.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import type { ProjectChoice } from '../../host/project/open-project.ts'
import { watchSignals } from '../../host/signals/watch-signals.ts'
import { type SurveyedChoice, surveyChoice } from '../../host/survey/survey-choice.ts'
import { watchChoice } from '../../host/survey/watch-choice.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatDiscovered, listChanges } from '../format/format-discovered.ts'
import { formatTopology } from '../format/format-topology.ts'
import { formatFailure } from '../output/print-failure.ts'
import { printJson } from '../output/print-json.ts'

interface TopologyOptions {
  readonly json?: boolean
  readonly watch?: boolean
}

/** `lockstep topology`: which servers there are, what they are, and which tenants they hold. */
export const topologyVerb: AddVerb = (program, setExitCode) => {
  program
    .command('topology')
    .summary('show services, servers as declared and as observed, replica lag, tenants and migrations')
    .description(
      'Reads lockstep.yml where there is one, or the Compose files of this folder, and asks the Docker daemon and every server.',
    )
    .option('--json', 'one JSON document on stdout; with --watch one on each line')
    .option('-w, --watch', 'stay, and say what changes when a container starts or stops')
    .addHelpText(
      'before',
      `Examples:
  lockstep topology                     in any folder with a Compose file
  lockstep topology --compose-file compose.yaml --compose-file compose.prod.yaml
  lockstep topology --json | jq .clusters
  lockstep topology --watch
`,
    )
    .action(async (options: TopologyOptions, command) => {
      const choice = readGlobals(command)
      const stop = new AbortController()
      const first = await surveyChoice(choice, stop.signal)
      if (!options.watch || !first.found) {
        print(first, options.json ?? false)
        if (first.failure) {
          standardError.write(formatFailure(first.failure))
          setExitCode(exitCodeOf(outcomeBeforeExecution(first.failure)))
        }
        return
      }
      const endWatching = watchSignals({
        onFirst: signal => {
          // Ctrl-C is how one stops looking; any other end is reported as cut off.
          if (signal !== 'SIGINT') setExitCode(exitCodeOf(outcomeOfInterruption(signal)))
          stop.abort()
        },
        onLater: () => undefined,
        onLeave: () => process.exit(0),
      })
      standardOutput.onLost(() => stop.abort())
      try {
        await follow(choice, first.found, options.json ?? false, stop.signal)
      } finally {
        endWatching()
      }
    })
}

function print({ found, topology, failure }: SurveyedChoice, asJson: boolean): void {
  if (asJson) printJson(found ? { ...found, failure } : topology)
  else if (found) standardOutput.write(formatDiscovered(found))
  else if (topology) standardOutput.write(formatTopology(topology))
}

/** The whole picture first, then what changes. */
async function follow(
  choice: ProjectChoice,
  first: DiscoveredProject,
  asJson: boolean,
  signal: AbortSignal,
): Promise<void> {
  standardOutput.write(asJson ? `${JSON.stringify(first)}\n` : formatDiscovered(first))
  let before = first
  const show = (found: DiscoveredProject): void => {
    const changes = listChanges(before, found)
    before = found
    if (changes.length === 0) return
    if (asJson) standardOutput.write(`${JSON.stringify(found)}\n`)
    else for (const line of changes) standardOutput.write(`${new Date().toISOString()}  ${line}\n`)
  }
  await watchChoice(choice, show, signal)
}
