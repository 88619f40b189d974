import type { ShadowDescription, TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { splitName } from '../../../shared/sql/quote-name.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import type { VersionTable } from '../ports/migration-source.ts'
import type { TableContents } from '../ports/shadows.ts'
import type { AcceptedChanges } from './accepted-losses.ts'
import type { DroppedThing } from './count-losses.ts'
import type { Alteration } from './read-alterations.ts'

/** What is compared: a copy at the end of the run, and after the downgrade. */
export interface ContentsAfterDowngrade {
  readonly before: readonly TableContents[]
  readonly back: readonly TableContents[]
  readonly statements: readonly TracedStatement[]
  /** What each of these statements does to the types of columns. */
  readonly alterations: readonly Alteration[]
  readonly shadow: Pick<ShadowDescription, 'kind' | 'data'>
  /** The table that says what is applied, as the contents call it: the rollback changes it. Null where there is none. */
  readonly versionTable: VersionTable | null
}

/** What a downgrade takes with it, as a copy has shown. */
export interface JudgedContents {
  readonly evidence: readonly string[]
  /** What goes, and with it whatever it holds at that moment. */
  readonly dropped: readonly DroppedThing[]
  /** What else is lost, in words. */
  readonly losses: readonly string[]
  /** How many rows of each table that stays may be deleted or updated, as `losses` tells them. */
  readonly changes: AcceptedChanges
}

/** Says what goes with the downgrade: dropped tables and columns, and rows and values of those that stay. */
export function judgeContents(contents: ContentsAfterDowngrade): JudgedContents {
  const { back, shadow } = contents
  const statements = contents.statements.map((statement, index) => ({
    ...statement,
    alters: contents.alterations[index] ?? notSeen,
  }))
  const isVersionTable = ({ table }: Pick<TableContents, 'table'>): boolean => {
    const [schema, name] = splitName(table)
    return name === contents.versionTable?.name && schema === contents.versionTable?.schema
  }
  const before = contents.before.filter(table => !isVersionTable(table))
  const dropped: DroppedThing[] = []
  const losses: string[] = []
  const changes = new Map<string, AcceptedChange>()
  const untold: string[] = []
  const effects = readEffects(statements)
  for (const table of before) {
    // What only gets another name stays what it is.
    const now = back.find(one => one.identity === table.identity)
    if (!now) {
      dropped.push({ kind: 'table', table: table.table })
      continue
    }
    const lost = listLostColumns(table, now, statements)
    dropped.push(...lost)
    // What is counted as made again is not told once more as changed.
    const converted = new Set(lost.flatMap(thing => (thing.kind === 'conversion' ? [thing.column] : [])))
    const columns = table.columns.filter(({ column }) => !converted.has(column))
    const judged = judgeRows({ ...table, columns }, now, effects, shadow.data)
    losses.push(...judged.losses)
    if (judged.isEmptied) dropped.push({ kind: 'table', table: table.table })
    if (judged.isUntold) untold.push(table.table)
    if (judged.accepts) changes.set(now.table, judged.accepts)
  }
  if (untold.length > 0) {
    const why = shadow.data === 'schema' ? 'the copy holds none' : 'the downgrade wrote to it'
    losses.push(`whether rows of ${listNames(untold.sort())} change cannot be told: ${why}`)
  }
  const rows = back.reduce((sum, table) => sum + table.rows, 0)
  const held = shadow.data === 'schema' ? 'without rows' : `${countOf(rows, 'row')} left`
  const evidence = [`going down on a copy (${shadow.kind}, ${held}) ends in the schema from before the run`]
  return { evidence, dropped, losses, changes }
}

interface AlteringStatement extends TracedStatement {
  readonly alters: Alteration
}

const notSeen: Alteration = { isAlterTable: false, computed: new Set(), isUnseen: true }

interface JudgedRows {
  readonly losses: readonly string[]
  /** All its rows are counted as lost. */
  readonly isEmptied: boolean
  /** What happens to its rows cannot be told. */
  readonly isUntold: boolean
  /** How many rows may change; null where any number may, or all are counted already. */
  readonly accepts: AcceptedChange | null
}

/** What happens to rows of a table that stays. */
function judgeRows(
  table: TableContents,
  now: TableContents,
  { written, rewritten, altered }: Effects,
  data: ShadowDescription['data'],
): JudgedRows {
  const name = table.table
  if (table.notCounted !== undefined || now.notCounted !== undefined) {
    // They could not be counted: what may have changed them cannot be told, and nothing is accepted.
    const isUntold = written.has(name) || rewritten.has(name)
    return {
      losses: [],
      isEmptied: false,
      isUntold,
      accepts: isUntold ? null : { deleted: 0, updated: 0, rewritten: altered.has(name) },
    }
  }
  const losses = data === 'schema' ? [] : describeChange(table, now, data === 'full')
  if (rewritten.has(name) && (losses.length > 0 || table.rows === 0))
    return { losses: [], isEmptied: true, isUntold: false, accepts: null }
  const isTouched = written.has(name) || rewritten.has(name)
  // A copy with all rows shows that nothing was written to; one with some, or none, does not.
  const mayHoldMore = data !== 'full' || written.get(name) !== 0
  if (losses.length === 0 && isTouched && mayHoldMore)
    return { losses, isEmptied: false, isUntold: true, accepts: null }
  return {
    losses,
    isEmptied: false,
    isUntold: false,
    accepts: { ...acceptChange(table, now, losses, data === 'full'), rewritten: altered.has(name) },
  }
}

/** What statements did to the files and rows of tables. */
interface Effects {
  /** Tables with the most rows that one statement has written; null where that was not told. */
  readonly written: ReadonlyMap<string, number | null>
  /** Tables whose file was rewritten by anything but ALTER TABLE, which keeps the rows. */
  readonly rewritten: ReadonlySet<string>
  /** Those that ALTER TABLE has rewritten: their rows stay. */
  readonly altered: ReadonlySet<string>
}

function readEffects(statements: readonly AlteringStatement[]): Effects {
  const written = new Map<string, number | null>()
  for (const { locks, rowCount } of statements) {
    for (const { relation } of locks.filter(lock => lock.mode === 'RowExclusiveLock')) {
      const most = written.get(relation)
      written.set(relation, most === null || rowCount === null ? null : Math.max(most ?? 0, rowCount))
    }
  }
  const rewritesOf = (isAlter: boolean) =>
    new Set(statements.flatMap(({ alters, rewrites }) => (alters.isAlterTable === isAlter ? rewrites : [])))
  return { written, rewritten: rewritesOf(false), altered: rewritesOf(true) }
}

type AcceptedChange = AcceptedChanges extends ReadonlyMap<string, infer Change> ? Change : never

/** Columns that go, and those whose values are turned into another type or computed again. */
function listLostColumns(
  { table, columns }: TableContents,
  now: TableContents,
  statements: readonly AlteringStatement[],
): readonly DroppedThing[] {
  return columns.flatMap(({ column, identity, type }): readonly DroppedThing[] => {
    const found = now.columns.find(one => one.identity === identity)
    if (!found) return [{ kind: 'column', table, column }]
    const isLost =
      found.type === type
        ? worksOutAnew([table, now.table], [column, found.column], statements)
        : mayLoseValues([type, found.type], [column, found.column], statements)
    if (!isLost) return []
    return [{ kind: 'conversion', table, column, from: type, to: found.type }]
  })
}

/** Types between which the server refuses a value that does not fit, unless an expression makes it fit. */
const strictFamilies = [/^(?:smallint|integer|bigint)$/, /^(?:text|character varying(?:\(\d+\))?)$/]

function mayLoseValues(
  [from, to]: readonly [string, string],
  columns: readonly string[],
  statements: readonly AlteringStatement[],
): boolean {
  const isStrict = strictFamilies.some(family => family.test(from) && family.test(to))
  return !isStrict || statements.some(({ alters }) => alters.isUnseen || computes(alters, columns))
}

/** USING may make other values of the same type; where it only names the column, the table is not rewritten. */
function worksOutAnew(
  tables: readonly string[],
  columns: readonly string[],
  statements: readonly AlteringStatement[],
): boolean {
  return statements.some(
    ({ alters, rewrites }) => computes(alters, columns) && tables.some(table => rewrites.includes(table)),
  )
}

function computes({ computed }: Alteration, columns: readonly string[]): boolean {
  return columns.some(column => computed.has(column))
}

function describeChange(table: TableContents, now: TableContents, isWhole: boolean): readonly string[] {
  if (now.rows !== table.rows) {
    const copied = isWhole ? '' : ', of those that the copy holds'
    return [`${table.table}: ${countOf(table.rows, 'row')} become ${now.rows}${copied}`]
  }
  return table.columns.flatMap(({ column, identity, type, filled, digest }) => {
    const found = now.columns.find(one => one.identity === identity)
    if (found?.type !== type || (found.filled === filled && found.digest === digest)) return []
    return [`values of column ${table.table}.${column}, which the downgrade overwrites`]
  })
}

function acceptChange(
  table: TableContents,
  now: TableContents,
  changed: readonly string[],
  isWhole: boolean,
): Omit<AcceptedChange, 'rewritten'> {
  if (changed.length === 0) return { deleted: 0, updated: 0 }
  if (!isWhole) return { deleted: null, updated: null }
  return { deleted: Math.max(0, table.rows - now.rows), updated: null }
}
