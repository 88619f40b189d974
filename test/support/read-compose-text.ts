import type { ComposeWarning } from '../../electron/compose/nodes/compose-project.ts'
import { type ComposeSources, readCompose } from '../../electron/compose/read-compose.ts'
import { LockstepError } from '../../shared/failure/failure.ts'

/** Compose files by their paths below `/shop`; the first is the main one unless `files` says otherwise. */
export type ComposeTexts = Readonly<Record<string, string>>

type Choices = Partial<ComposeSources>

function makeSources(texts: ComposeTexts, choices: Choices): ComposeSources {
  const main = Object.keys(texts)[0] ?? 'compose.yml'
  return {
    files: [`/shop/${main}`],
    projectDirectory: '/shop',
    projectName: null,
    environment: {},
    envFiles: null,
    profiles: [],
    readFile: path => texts[path.replace(/^\/shop\//, '')],
    ...choices,
  }
}

/** The project that texts make, read without any file of this machine. */
export function readTexts(texts: ComposeTexts, choices: Choices = {}) {
  return readCompose(makeSources(texts, choices)).project
}

/** The warnings of a reading, each as `file:line:column: problem`. */
export function warningsOf(texts: ComposeTexts, choices: Choices = {}): readonly string[] {
  const { warnings } = readCompose(makeSources(texts, choices))
  return warnings.map(
    ({ file, line, column, problem }: ComposeWarning) => `${file}:${line}:${column}: ${problem}`,
  )
}

/** The refusal of texts as `file:line:column: problem. Fix.` */
export function refusalOf(texts: ComposeTexts, choices: Choices = {}): string {
  try {
    readCompose(makeSources(texts, choices))
  } catch (error) {
    if (!(error instanceof LockstepError) || error.failure.kind !== 'compose_invalid') throw error
    const { file, line, column, problem, fix } = error.failure
    return `${file.replace('/shop/', '')}:${line}:${column}: ${problem} -> ${fix}`
  }
  throw new Error('it was read without complaint')
}

/** The main file with one service `a` that has an image and these lines more. */
export function withService(lines: string): ComposeTexts {
  const indented = lines
    .trim()
    .split('\n')
    .map(line => `    ${line}\n`)
    .join('')
  return { 'compose.yml': `services:\n  a:\n    image: x\n${indented}` }
}
