import type { ComposeWarning } from './compose-project.ts'
import type { PathBase } from './resolve-path.ts'

/** What the files of the project, or those of one `include`, are read with. */
export interface ComposeLevel {
  readonly base: PathBase
  readonly environment: Readonly<Record<string, string>>
  readonly readFile: (path: string) => string | undefined
  readonly warn: (warning: ComposeWarning) => void
}

/** A variable of the level's environment. */
export function lookUpIn(
  environment: Readonly<Record<string, string>>,
): (name: string) => string | undefined {
  return name => (Object.hasOwn(environment, name) ? environment[name] : undefined)
}
