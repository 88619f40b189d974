import { statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { findRun } from '../../app/history/list-runs.ts'
import type { LaunchOptions } from '../../host/processes/launch-options.ts'
import { choiceOf } from '../../host/project/choice-of.ts'
import { findComposeOnly, hasProjectFile, type ProjectChoice } from '../../host/project/open-project.ts'
import { openRunPlaces } from '../../host/stores/run-places.ts'

/** What a dashboard is opened on. */
export type OpenTarget = Pick<LaunchOptions, 'choice' | 'open' | 'importFile'>

/** Finds out what a word of the command line means: a folder, a project file, a run's log, or a run. */
export async function readTarget(what: string | undefined, choice: ProjectChoice): Promise<OpenTarget> {
  if (what === undefined) return { choice: hasProject(choice) ? copyChoice(choice) : null, ...nothing }
  const path = resolve(choice.compose.folder, what)
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry?.isDirectory()) return { choice: choosePath(path, choice), ...nothing }
  if (entry) return readFileTarget(path, choice)
  if (what !== 'last' && !/^[0-9A-HJKMNP-TV-Z]{4,26}$/i.test(what)) {
    throw new LockstepError({
      kind: 'usage',
      problem: `there is no folder, file or run "${what}"`,
      fix: 'name a folder, a project file, the log of a run, a run id or last; `lockstep runs` lists the runs',
    })
  }
  const { runId } = await findRun(what, openRunPlaces(choice))
  return { ...(await readTarget(undefined, choice)), open: `#/runs/${runId}` }
}

const nothing = { open: null, importFile: null }

function readFileTarget(path: string, choice: ProjectChoice): OpenTarget {
  switch (extname(path)) {
    case '.yml':
    case '.yaml':
      return { choice: choosePath(path, choice), ...nothing }
    case '.jsonl':
    case '.ndjson':
    case '.json':
      return { choice: hasProject(choice) ? copyChoice(choice) : null, open: null, importFile: path }
    default:
      throw new LockstepError({
        kind: 'usage',
        problem: `${path} is neither a project file (.yml) nor the log of a run (.jsonl)`,
        fix: "name lockstep.yml, a Compose file, or the events.jsonl of a run's folder",
      })
  }
}

/** What is named beside it, such as profiles, goes with it. */
function choosePath(path: string, choice: ProjectChoice): ProjectChoice {
  refuseSecondProject(choice)
  return choiceOf(path, choice.compose)
}

function refuseSecondProject({ config, compose }: ProjectChoice): void {
  if (config === null && compose.files.length === 0) return
  throw new LockstepError({
    kind: 'usage',
    problem: 'two projects are named',
    fix: 'leave out either the path, or --config and --compose-file',
  })
}

/** Says whether there is something to open; without it the dashboard begins with a choice. */
function hasProject(choice: ProjectChoice): boolean {
  return hasProjectFile(choice) || findComposeOnly(choice) !== null
}

/** Only what belongs to a choice: it travels as JSON. */
function copyChoice({ config, compose }: ProjectChoice): ProjectChoice {
  return { config: config === null ? null : resolve(compose.folder, config), compose }
}
