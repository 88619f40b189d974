import { type Document, isMap, isNode, LineCounter, type Pair, parseDocument } from 'yaml'
import type { z } from 'zod'
import { LockstepError } from '../../shared/failure/failure.ts'
import { nearestKey } from '../lib/nearest-key.ts'
import { knownKeysAt } from './known-keys.ts'
import { type ReferenceLookup, resolveReferences } from './resolve-references.ts'

export type SettingPath = readonly PropertyKey[]

/** Where something is written. */
export interface SettingPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Settings as they are written, references put in, and where each of them stands. */
export interface SettingsSource {
  readonly value: Readonly<Record<string, unknown>>
  /** The same before references were put in: what may be shown. */
  readonly written: Readonly<Record<string, unknown>>
  /** The place of a value, or of the nearest parent that is there. */
  placeOf(path: SettingPath): SettingPlace
  placeOfKey(path: SettingPath, key: string): SettingPlace
}

/** A text of YAML, and where in its file it begins. */
export interface YamlText {
  readonly text: string
  readonly file: string
  /** Lines of the file before it. */
  readonly linesBefore: number
  /** What is said when there is nothing in it. */
  readonly whenEmpty: string
}

interface Opened {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
  readonly linesBefore: number
}

/** Reads a map of settings; throws `config_invalid` with line and column. */
export function readSettings(
  { text, file, linesBefore, whenEmpty }: YamlText,
  lookup: ReferenceLookup,
): SettingsSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const opened = { file, document, lines, linesBefore }
  const malformed = document.errors[0]
  if (malformed) throw invalidAt(locate(opened, malformed.pos[0]), [], malformed.message)
  const placeOf = (path: SettingPath): SettingPlace => locate(opened, offsetOf(opened, path))
  const written = toPlain(document, placeOf([]))
  if (written === null || typeof written !== 'object') throw invalidAt(locate(opened, 0), [], whenEmpty)
  if (Array.isArray(written)) throw invalidAt(placeOf([]), [], 'an object of keys is expected, not a list')
  return {
    value: resolveAll(written, [], placeOf, lookup) as Readonly<Record<string, unknown>>,
    written: written as Readonly<Record<string, unknown>>,
    placeOf,
    placeOfKey: (path, key) => locate(opened, keyOffset(opened, path, key)),
  }
}

/** The settings in their shape, with defaults; throws `config_invalid` with line, column and the nearest key. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  settings: Pick<SettingsSource, 'value' | 'placeOf' | 'placeOfKey'>,
): z.infer<Schema> {
  const parsed = schema.safeParse(settings.value)
  if (parsed.success) return parsed.data
  // A misspelt key often means a missing one as well: the misspelling is the cause.
  const { issues } = parsed.error
  const issue = issues.find(candidate => candidate.code === 'unrecognized_keys') ?? issues[0]
  if (!issue) throw invalidAt(settings.placeOf([]), [], 'unreadable')
  if (issue.code !== 'unrecognized_keys')
    throw invalidAt(settings.placeOf(issue.path), issue.path, issue.message)
  const key = issue.keys[0] ?? ''
  const nearest = nearestKey(key, knownKeysAt(schema, issue.path))
  const place = settings.placeOfKey(issue.path, key)
  throw invalidAt(place, [...issue.path, key], `unknown key "${key}"`, nearest)
}

/** What is wrong with a setting, and where. */
export function invalidAt(
  { file, line, column }: SettingPlace,
  path: SettingPath,
  problem: string,
  nearest: string | null = null,
): LockstepError {
  return new LockstepError({
    kind: 'config_invalid',
    file,
    line,
    column,
    path: path.join('.'),
    problem,
    ...(nearest === null ? {} : { nearest }),
  })
}

/** Aliases that multiply are refused by the reader itself, with an exception of its own. */
function toPlain(document: Document, place: SettingPlace): unknown {
  try {
    return document.toJS() as unknown
  } catch (error) {
    throw invalidAt(place, [], error instanceof Error ? error.message : String(error))
  }
}

function resolveAll(
  value: unknown,
  path: SettingPath,
  placeOf: (path: SettingPath) => SettingPlace,
  lookup: ReferenceLookup,
): unknown {
  if (typeof value === 'string') {
    const name = /^\$\{([A-Za-z_]\w*)\}$/.exec(value)?.[1]
    // Taken as it stands it would be a password that no server accepts, or a host that does not exist.
    if (name !== undefined)
      throw invalidAt(placeOf(path), path, `a variable of the environment is written \${env:${name}} here`)
    const resolved = resolveReferences(value, lookup)
    if (typeof resolved === 'string') return resolved
    const problem = `${resolved.reference} is not set here: set it, or write the value`
    throw invalidAt(placeOf(path), path, problem)
  }
  if (Array.isArray(value))
    return value.map((item, index) => resolveAll(item, [...path, index], placeOf, lookup))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveAll(item, [...path, key], placeOf, lookup)]),
    )
  }
  return value
}

function locate({ file, lines, linesBefore }: Opened, offset: number): SettingPlace {
  const { line, col } = lines.linePos(offset)
  return { file, line: Math.max(1, line) + linesBefore, column: Math.max(1, col) }
}

/** Offset of the value at a path, or of the nearest parent that is there. */
function offsetOf({ document }: Opened, path: SettingPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function keyOffset(opened: Opened, path: SettingPath, key: string): number {
  const parent = opened.document.getIn(path, true)
  if (isMap(parent)) {
    const pair = parent.items.find((item: Pair) => isNode(item.key) && String(item.key) === key)
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
  }
  return offsetOf(opened, path)
}
