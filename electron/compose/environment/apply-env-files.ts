import { composeInvalid } from '../nodes/compose-invalid.ts'
import { lookUpIn } from '../nodes/compose-level.ts'
import { getValue, type MapNode } from '../nodes/compose-node.ts'
import type { ComposeService } from '../nodes/compose-project.ts'
import { readFlag, readMaps, readText } from '../nodes/read-values.ts'
import { type EnvFileText, missingEnvFile, parseEnvFiles } from './read-env-files.ts'

type Variables = Readonly<Record<string, string>>

interface EnvFileContext {
  readonly environment: Variables
  readonly readFile: (path: string) => string | undefined
}

interface EnvFile extends EnvFileText {
  readonly isRaw: boolean
}

/** A service with what its `env_file` and `label_file` say below what it says itself. */
export function applyEnvFiles(
  service: ComposeService,
  node: MapNode,
  around: EnvFileContext,
): ComposeService {
  const environment = fillNulls(service.environment, around.environment)
  const path = `services.${service.name}.env_file`
  const files = readMaps(node, 'env_file', `services.${service.name}`)
    .map(file => readEnvFile(file, path, around))
    .filter(file => file !== null)
  const values = parseInOrder(files, { ...withoutNulls(environment), ...around.environment })
  return {
    ...service,
    environment: { ...values, ...environment },
    labels: { ...parseEnvFiles(readLabelFiles(node, around), () => undefined), ...service.labels },
  }
}

function fillNulls(
  environment: ComposeService['environment'],
  around: Variables,
): ComposeService['environment'] {
  const lookUp = lookUpIn(around)
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value ?? lookUp(name) ?? null]),
  )
}

function withoutNulls(environment: ComposeService['environment']): Variables {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

function readEnvFile(file: MapNode, path: string, { readFile }: EnvFileContext): EnvFile | null {
  const name = readText(file, 'path', path)
  if (name === null) return null
  const format = readText(file, 'format', path)
  if (format !== null && format !== 'raw') {
    throw composeInvalid(
      getValue(file, 'format')?.at ?? file.at,
      `"${format}" is not a format of an env file`,
      'use `format: raw`, or leave it out',
    )
  }
  const text = readFile(name)
  if (text !== undefined) return { path: name, text, isRaw: format === 'raw' }
  const isRequired = !getValue(file, 'required') || readFlag(file, 'required', path)
  if (!isRequired || name === '/dev/null') return null
  throw missingEnvFile(name, getValue(file, 'path')?.at ?? file.at)
}

function parseInOrder(files: readonly EnvFile[], first: Variables): Variables {
  let values: Variables = {}
  let readable: readonly EnvFile[] = []
  for (const file of files) {
    if (file.isRaw) {
      values = { ...values, ...parseRaw(file.text, lookUpIn(first)) }
      readable = []
    } else {
      // Files that follow one another are one text; what is before a raw one is known from outside.
      const known = readable.length === 0 ? values : {}
      readable = [...readable, file]
      values = { ...values, ...parseEnvFiles(readable, lookUpIn({ ...known, ...first })) }
    }
  }
  return values
}

/** As `docker run --env-file` reads it: nothing is quoted, nothing stands for something else. */
function parseRaw(text: string, lookUp: (name: string) => string | undefined): Variables {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.trimStart().startsWith('#'))
  return Object.fromEntries(
    lines.flatMap(line => {
      const split = line.indexOf('=')
      if (split !== -1) return [[line.slice(0, split).trimStart(), line.slice(split + 1)]]
      const value = lookUp(line.trim())
      return value === undefined ? [] : [[line.trim(), value]]
    }),
  )
}

function readLabelFiles(node: MapNode, { readFile }: EnvFileContext): readonly EnvFileText[] {
  const list = getValue(node, 'label_file')
  const items = list?.kind === 'list' ? list.items : []
  return items.map(item => {
    const path = item.kind === 'scalar' ? item.text : ''
    const text = readFile(path)
    if (text !== undefined) return { path, text }
    throw composeInvalid(
      item.at,
      `the label file ${path} is not there`,
      'create it, or remove it from `label_file:`',
    )
  })
}
