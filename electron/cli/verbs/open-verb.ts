import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { standardError } from '../../host/output/safe-output.ts'
import type { LaunchOptions } from '../../host/processes/launch-options.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { type GlobalOptions, readGlobals } from '../arguments/read-globals.ts'
import { chooseFrontend } from '../open/choose-frontend.ts'
import { findBuiltFolder, findElectron } from '../open/find-built.ts'
import { readTarget } from '../open/read-target.ts'
import { startFrontend } from '../open/start-frontend.ts'

/** The options of `lockstep open` as they are written. */
export interface OpenOptions {
  readonly web?: boolean
  readonly demo?: boolean
  readonly readOnly?: boolean
  readonly port: string
  readonly idleMinutes: string
}

/** `lockstep open`: the dashboard, in a window of its own or in a browser. */
export const openVerb: AddVerb = (program, setExitCode) => {
  program
    .command('open')
    .argument('[what]', 'a folder, a project file, the log of a run, a run id, or "last"')
    .summary('the dashboard: topology, plan, approval, runs, live logs')
    .description(
      'Opens a window where there is a screen and Electron; else serves the dashboard to a browser, on this machine only.',
    )
    .option('--web', 'in a browser, also where there is a window')
    .option('--demo', 'on the sandbox, which it starts')
    .option('--read-only', 'read-only: refuse everything that would change something')
    .option('--port <number>', 'the port for the browser; 0 takes a free one', '0')
    .option('--idle-minutes <number>', 'end after so long without a browser and without a run; 0 never', '60')
    .addHelpText(
      'before',
      `Examples:
  lockstep open                         the project of this folder
  lockstep open --demo                  a sandbox cluster, to try everything on
  lockstep open ../shop --read-only     another folder, only to look
  lockstep open events.jsonl            the log of a run from a pipeline
  lockstep open --web --port 4711       in a browser; over SSH it says how to reach it
`,
    )
    .action(async (what: string | undefined, options: OpenOptions, command) => {
      const shellOptions = await readOptions(what, options, readGlobals(command))
      const built = findBuiltFolder(import.meta.url)
      const shell = chooseFrontend({
        wantsWeb: options.web ?? false,
        platform: process.platform,
        environment: process.env,
        electron: findElectron(dirname(fileURLToPath(import.meta.url)), process.env.LOCKSTEP_ELECTRON),
      })
      if (shell.kind === 'web' && shell.why !== null) {
        standardError.write(`Shown in a browser: ${shell.why}.\n`)
      }
      const [entry, starter] =
        shell.kind === 'web' ? ['web.js', process.execPath] : ['desktop.js', shell.program]
      setExitCode(await startFrontend(starter, [join(built, entry), JSON.stringify(shellOptions)]))
    })
}

/** What the shell is told; throws `usage` where the command line contradicts itself. */
export async function readOptions(
  what: string | undefined,
  options: OpenOptions,
  globals: GlobalOptions,
): Promise<LaunchOptions> {
  const demo = options.demo ?? false
  const readOnly = options.readOnly ?? false
  const port = readNumber('--port 4711', options.port, 65_535)
  if (!Number.isInteger(port))
    refuse(`--port takes a whole number, not ${options.port}`, 'such as --port 4711')
  const idleMinutes = readNumber('--idle-minutes 60', options.idleMinutes, 525_600)
  if (demo && what !== undefined) refuse(`--demo opens the sandbox, not ${what}`, 'leave one of the two out')
  if (demo && readOnly) refuse('--read-only does not start the sandbox', 'leave one of the two out')
  // The sandbox is the project, so that none is opened before it.
  const target = demo ? { choice: null, open: null, importFile: null } : await readTarget(what, globals)
  if (readOnly && target.importFile !== null) {
    refuse('--read-only keeps no log of a run from a file', 'leave --read-only out: such a run is only read')
  }
  return { ...target, demo, readOnly, port, idleMinutes }
}

/** A number that is not negative; `example` begins with the option's name. */
function readNumber(example: string, text: string, most: number): number {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (number >= 0 && number <= most) return number
  return refuse(
    `${example.split(' ')[0]} takes a number from 0 to ${most}, not ${text}`,
    `such as ${example}`,
  )
}

function refuse(problem: string, fix: string): never {
  throw new LockstepError({ kind: 'usage', problem, fix })
}
