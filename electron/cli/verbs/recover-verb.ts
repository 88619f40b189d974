import { toFailure } from '../../../shared/failure/failure.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import { describeRemoval } from '../../app/describe-copy.ts'
import type { RemovedCopy } from '../../app/ports/left-copies.ts'
import { chooseRun } from '../../app/recover/choose-run.ts'
import type { FinishedRun } from '../../app/run/finish-run.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import { openProject } from '../../host/project/open-project.ts'
import { recoverProject, removeLeftCopies } from '../../host/run-project.ts'
import type { Project } from '../../host/settings/load-project.ts'
import { withServers } from '../../host/wiring/with-engine.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { watchInterruption } from '../arguments/watch-interruption.ts'
import { formatVotes } from '../format/format-votes.ts'
import { createEarlyEnd } from '../output/end-early.ts'
import { type Output, type OutputOptions, openReaders } from '../output/open-readers.ts'
import { formatFailure } from '../output/print-failure.ts'

/** `lockstep recover`: settle a run that was cut off. */
export const recoverVerb: AddVerb = (program, setExitCode) => {
  program
    .command('recover')
    .argument('[run]', 'the run to settle (default: the unfinished one)')
    .summary('settle a run that was cut off: forward where a decision is on record, back everywhere else')
    .option('--json [kind]', 'one JSON document on stdout; --json=events for every event as a line')
    .option('-q, --quiet', 'nothing but errors on stderr')
    .option('--verbose', 'every event as a line')
    .addHelpText('before', 'Examples:\n  lockstep recover\n  lockstep recover 01K2ZQ6J --json\n')
    .action(async (given: string | undefined, options: OutputOptions, command) => {
      const globals = readGlobals(command)
      const project = await openProject(globals, new AbortController().signal)
      const output = openReaders(options, globals)
      setExitCode(await recover(project, given, output))
    })
}

/** A signal does not cut a recovery short: that would only leave what it came to settle. */
async function recover(project: Project, given: string | undefined, output: Output): Promise<number> {
  const { signal } = new AbortController()
  const leaver = createEarlyEnd(output)
  const interruption = watchInterruption(output.say, {
    stopping: 'what is being settled is settled first',
    waitingFor: 'settling',
    leave: leaver.end,
  })
  try {
    const chosen = await withServers(project, ports => chooseRun(project, ports, given, signal))
    const { runId } = chosen
    if (runId === null) {
      const copies_removed = await removeCopies(project, output, signal)
      const others = copies_removed.length === 0 ? '' : ' else'
      output.say(`nothing${others} to recover: ${chosen.why}`)
      output.printDocument({ schema_version: 1, outcome: 'nothing_to_do', exit_code: 0, copies_removed })
      return 0
    }
    await prime(project, runId, output)
    const finished = await settle(project, runId, [leaver.reader, ...output.readers], output)
    await output.finish(finished, project.runsFolder)
    // What is left of copies is no reason to say that the run is not settled.
    await removeCopies(project, output, signal).catch(error =>
      output.say(formatFailure(toFailure(error)).trimEnd()),
    )
    return finished.end.exitCode
  } finally {
    interruption.end()
  }
}

/** A log that cannot be had is no reason not to look at the votes of its run. */
async function prime({ runsFolder }: Project, runId: string, output: Output): Promise<void> {
  const intact = await createRunStore(runsFolder)
    .readIntact(runId)
    .catch(() => null)
  if (intact === null) return
  const { events, damage } = intact
  if (damage !== null)
    output.say(`the log of run ${runId} is damaged (${damage}): only what stands before that counts`)
  output.prime(events)
}

/** Names every vote that is left to a person with the statements that end it, before it says why. */
async function settle(
  project: Project,
  runId: string,
  readers: readonly EventReader[],
  output: Output,
): Promise<FinishedRun> {
  try {
    return await recoverProject(project, runId, readers, new AbortController().signal)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind === 'record_damaged') {
      if (failure.log === 'elsewhere') output.say(`logs of runs are looked for in ${project.runsFolder}`)
      if (failure.votes.length > 0) output.say(formatVotes(failure.votes).trimEnd())
    }
    throw error
  }
}

/** Removes the copies that rehearsals, restores and snapshots have left, and names each. */
async function removeCopies(
  project: Project,
  output: Output,
  signal: AbortSignal,
): Promise<readonly RemovedCopy[]> {
  const removed = await removeLeftCopies(project, signal)
  for (const copy of removed) output.say(describeRemoval(copy))
  return removed
}
