import type { Command } from 'commander'

/** Given the exit code of a verb that did its work. */
export type SetExitCode = (exitCode: number) => void

/** Adds one verb to the command line. */
export type AddVerb = (program: Command, setExitCode: SetExitCode) => void
