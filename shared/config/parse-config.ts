import { type Document, isMap, isNode, LineCounter, type Pair, parseDocument } from 'yaml'
import { LockstepError } from '../failure.ts'
import { knownKeysAt } from './known-keys.ts'
import { nearestKey } from './nearest-key.ts'
import { type ProjectConfig, projectConfigSchema } from './project-config.ts'
import { type ReferenceLookup, resolveReferences } from './resolve-references.ts'

interface Source {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
}

/** Reads `lockstep.yml`; throws `config_invalid` with line, column and the nearest key. */
export function parseConfig(text: string, file: string, lookup: ReferenceLookup): ProjectConfig {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const source = { file, document, lines }
  const malformed = document.errors[0]
  if (malformed) throw invalid(source, [], malformed.message, malformed.pos[0])
  const value = resolveAll(document.toJS() as unknown, [], source, lookup)
  if (value === null || typeof value !== 'object') {
    throw invalid(source, [], 'the file is empty: `lockstep init` writes a first one', 0)
  }
  const parsed = projectConfigSchema.safeParse(value)
  if (!parsed.success) {
    // A misspelt key often means a missing one as well: the misspelling is the cause.
    const { issues } = parsed.error
    const issue = issues.find(candidate => candidate.code === 'unrecognized_keys') ?? issues[0]
    if (!issue) throw invalid(source, [], 'unreadable', 0)
    if (issue.code === 'unrecognized_keys') throw unknownKey(source, issue.path, issue.keys[0] ?? '')
    throw invalid(source, issue.path, issue.message, offsetOf(source, issue.path))
  }
  refuseContradictions(parsed.data, source)
  return parsed.data
}

function resolveAll(
  value: unknown,
  path: readonly PropertyKey[],
  source: Source,
  lookup: ReferenceLookup,
): unknown {
  if (typeof value === 'string') {
    const resolved = resolveReferences(value, lookup)
    if (typeof resolved === 'string') return resolved
    throw invalid(
      source,
      path,
      `${resolved.reference} stands for nothing here: set it, or write the value`,
      offsetOf(source, path),
    )
  }
  if (Array.isArray(value))
    return value.map((item, index) => resolveAll(item, [...path, index], source, lookup))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveAll(item, [...path, key], source, lookup)]),
    )
  }
  return value
}

/** What the shape allows and the meaning does not. */
function refuseContradictions(config: ProjectConfig, source: Source): void {
  const refuse = (path: readonly PropertyKey[], problem: string): void => {
    throw invalid(source, path, problem, offsetOf(source, path))
  }
  const { alembic, sql } = config.migrations
  if (alembic && sql) refuse(['migrations', 'sql'], 'choose one of `alembic` and `sql`')
  if (!alembic && !sql) refuse(['migrations'], 'say where revisions come from: `alembic:` or `sql:`')
  if (alembic?.url && Object.keys(alembic.url).length !== 1) {
    refuse(['migrations', 'alembic', 'url'], 'choose exactly one of `ini`, `env`, `x` and `section`')
  }
  if (config.tenants.databases && config.tenants.query)
    refuse(['tenants', 'query'], 'choose one of `databases` and `query`')
  if (!config.tenants.databases && !config.tenants.query)
    refuse(['tenants'], 'say which databases are tenants: `databases:` or `query:`')
  refuseRepeats(
    config.servers.map(server => server.name),
    index => refuse(['servers', index, 'name'], 'this server is named twice'),
  )
  refuseRepeats(
    config.groups.map(group => group.name),
    index => refuse(['groups', index, 'name'], 'this group is named twice'),
  )
  for (const cluster of new Set(config.servers.map(server => server.cluster))) {
    const primaries = config.servers.filter(server => server.cluster === cluster && server.role === 'primary')
    if (primaries.length !== 1) {
      refuse(
        ['servers'],
        `cluster "${cluster}" needs exactly one server with role: primary, it has ${primaries.length}`,
      )
    }
  }
}

function refuseRepeats(names: readonly string[], refuse: (index: number) => void): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) refuse(index)
  })
}

function unknownKey(source: Source, path: readonly PropertyKey[], key: string): LockstepError {
  const nearest = nearestKey(key, knownKeysAt(projectConfigSchema, path))
  const place = locate(source, keyOffset(source, path, key))
  return new LockstepError({
    kind: 'config_invalid',
    file: source.file,
    ...place,
    path: [...path, key].join('.'),
    problem: `unknown key "${key}"`,
    ...(nearest ? { nearest } : {}),
  })
}

function invalid(
  source: Source,
  path: readonly PropertyKey[],
  problem: string,
  offset: number,
): LockstepError {
  return new LockstepError({
    kind: 'config_invalid',
    file: source.file,
    ...locate(source, offset),
    path: path.join('.'),
    problem,
  })
}

function locate(source: Source, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = source.lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** Offset of the value at a path, or of the nearest parent that is there. */
function offsetOf(source: Source, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = source.document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function keyOffset(source: Source, path: readonly PropertyKey[], key: string): number {
  const parent = source.document.getIn(path, true)
  if (isMap(parent)) {
    const pair = parent.items.find((item: Pair) => isNode(item.key) && String(item.key) === key)
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
  }
  return offsetOf(source, path)
}
