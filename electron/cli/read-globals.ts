import type { Command } from 'commander'

/** Options that belong to every verb. */
export interface GlobalOptions {
  readonly config: string | null
  readonly color: boolean
}

/** The options given before or after the verb that belong to the whole command line. */
export function readGlobals(command: Command): GlobalOptions {
  const options: { config?: string; color?: boolean } = command.optsWithGlobals()
  return { config: options.config ?? null, color: options.color !== false }
}
