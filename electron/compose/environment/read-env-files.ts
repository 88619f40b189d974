import { composeInvalid } from '../nodes/compose-invalid.ts'
import { lookUpIn } from '../nodes/compose-level.ts'
import type { Place } from '../nodes/compose-node.ts'
import { parseEnvFile } from './parse-env-file.ts'

/** An env file to read, and where it is named; `at` is null for the default file, which may be absent. */
export interface EnvFileReference {
  readonly path: string
  readonly at: Place | null
}

/** An env file that was read. */
export interface EnvFileText {
  readonly path: string
  readonly text: string
}

/** The variables of env files: a later file wins, and what is in `environment` wins while they are read. */
export function readEnvFiles(
  files: readonly EnvFileReference[],
  environment: Readonly<Record<string, string>>,
  readFile: (path: string) => string | undefined,
): Readonly<Record<string, string>> {
  const texts = files.flatMap(({ path, at }): readonly EnvFileText[] => {
    const text = readFile(path)
    if (text !== undefined) return [{ path, text }]
    if (at === null || path === '/dev/null') return []
    throw missingEnvFile(path, at)
  })
  return parseEnvFiles(texts, lookUpIn(environment))
}

/** The variables of env files that have a value; throws with file and line when one cannot be read. */
export function parseEnvFiles(
  files: readonly EnvFileText[],
  lookUp: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  let values: Readonly<Record<string, string | null>> = {}
  // A file sees the variables of those before it, and its own before theirs: as if all were one text.
  let before = ''
  for (const { path, text } of files) {
    const own = text.replace(/^\ufeff/, '')
    const result = parseEnvFile(before + own, lookUp)
    if (!result.ok) {
      throw composeInvalid(
        { file: path, line: result.line - (before.split('\n').length - 1), column: 1 },
        `this line of the env file cannot be read: ${result.problem}`,
        'write NAME=value, with quotes around a value of several words',
      )
    }
    values = result.values
    before += `${own}\n`
  }
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

/** An env file that is named and not there. */
export function missingEnvFile(path: string, at: Place): Error {
  return composeInvalid(at, `the env file ${path} is not there`, 'create it, or correct the path')
}
