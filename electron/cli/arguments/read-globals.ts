import type { Command } from 'commander'
import type { ProjectChoice } from '../../host/project/open-project.ts'

/** Options that belong to every verb. */
export interface GlobalOptions extends ProjectChoice {
  readonly color: boolean
}

interface GivenOptions {
  readonly config?: string
  readonly color?: boolean
  readonly composeFile?: readonly string[]
  readonly composeProject?: string
  readonly profile?: readonly string[]
  readonly envFile?: readonly string[]
}

/** Adds the options that every verb has. */
export function addGlobals(program: Command): Command {
  return program
    .option('-c, --config <file>', 'project file (default: lockstep.yml here or above)')
    .option('--compose-file <file>', 'Compose file, may be repeated (default: as Compose finds it)', collect)
    .option('--compose-project <name>', 'name of the Compose project')
    .option('--profile <name>', 'Compose profile to enable, may be repeated', collect)
    .option('--env-file <file>', 'variables for the Compose files, may be repeated (default: .env)', collect)
    .option('--no-color', 'no colours (NO_COLOR works too)')
    .option('--debug', 'where Lockstep itself fails, print the stack too')
}

/** The options given before or after the verb that belong to the whole command line. */
export function readGlobals(command: Command): GlobalOptions {
  const options: GivenOptions = command.optsWithGlobals()
  return {
    config: options.config ?? null,
    compose: {
      files: options.composeFile ?? [],
      projectName: options.composeProject ?? null,
      profiles: options.profile ?? [],
      envFiles: options.envFile ?? null,
      folder: process.cwd(),
    },
    color: options.color !== false,
  }
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}
