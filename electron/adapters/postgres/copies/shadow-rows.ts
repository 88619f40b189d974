import { LockstepError } from '../../../../shared/failure/failure.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import { rollBackSharedChanges } from './roll-back-shared-changes.ts'
import { type RowTable, selectOrphanCleaners } from './shadow-row-queries.ts'

const batchRows = 1_000
/** A chain of foreign keys longer than this is left as it is. */
const mostRounds = 20

/** Tables, how many rows of each (null for all), and whether the copy is on a server of our own. */
interface RowsToCopy {
  readonly tables: readonly RowTable[]
  readonly most: number | null
  readonly isOurs: boolean
}

/**
 * Copies the first rows of some tables, or all of them, into a copy that has the schema already; says which tables stay empty.
 *
 * The rows of the version table always come along, all of them: without them no migration begins.
 */
export async function copyRows(
  source: DatabaseClient,
  target: DatabaseClient,
  { tables, most, isOurs }: RowsToCopy,
): Promise<readonly string[]> {
  const isFree = await switchKeysOff(target)
  await source.query('begin transaction isolation level repeatable read read only')
  const left: string[] = []
  for (const table of parentsFirst(tables)) {
    const isCopied = await copyTable(source, target, table, {
      most: table.holdsVersions ? null : most,
      isOurs,
    })
    if (isCopied) continue
    if (table.holdsVersions) throw refuseWithoutVersions(table)
    left.push(table.name)
  }
  await source.query('rollback')
  if (isFree && most !== null) await removeOrphans(target)
  await target.query('reset session_replication_role').catch(() => undefined)
  return left.length === 0 ? [] : [`no rows could be copied into ${listNames(left)}`]
}

function refuseWithoutVersions({ name }: RowTable): LockstepError {
  const problem = `the rows of the version table ${name} cannot be copied`
  return new LockstepError({ kind: 'usage', problem, fix: '' })
}

/** Foreign keys would look at rows that are not there yet. False for a role that may not; then parents come first. */
async function switchKeysOff(target: DatabaseClient): Promise<boolean> {
  try {
    await target.query('set session_replication_role = replica')
    return true
  } catch {
    return false
  }
}

/** Parents before children, as far as the keys allow; the rest in its own order. */
function parentsFirst(tables: readonly RowTable[]): readonly RowTable[] {
  const names = new Set(tables.map(table => table.name))
  const done = new Set<string>()
  const ordered: RowTable[] = []
  let waiting = tables
  while (waiting.length > 0) {
    const ready = waiting.filter(table => table.parents.every(name => done.has(name) || !names.has(name)))
    // A circle of keys: one table has to be the first.
    const next = ready.length > 0 ? ready : waiting.slice(0, 1)
    for (const table of next) done.add(table.name)
    ordered.push(...next)
    waiting = waiting.filter(table => !done.has(table.name))
  }
  return ordered
}

/** False when the rows do not fit. */
async function copyTable(
  source: DatabaseClient,
  target: DatabaseClient,
  table: RowTable,
  { most, isOurs }: Pick<RowsToCopy, 'most' | 'isOurs'>,
): Promise<boolean> {
  if (table.columns.length === 0) return true
  await source.query('savepoint lockstep_table')
  try {
    await rollBackSharedChanges(target, { what: `copying ${table.name}`, isOurs }, () =>
      copyBatches(source, target, table, most),
    )
    return true
  } catch (error) {
    if (!isRefusedRow(error)) throw error
    return false
  } finally {
    // The cursor goes with it, and so does a refusal to read under a policy.
    await source.query('rollback to savepoint lockstep_table').catch(() => undefined)
  }
}

/** As JSON, so that every type travels as its own text. */
async function copyBatches(
  source: DatabaseClient,
  target: DatabaseClient,
  { name, columns }: RowTable,
  most: number | null,
): Promise<void> {
  const list = columns.join(', ')
  const limit = most === null ? '' : ` limit ${most}`
  await source.query(
    `declare lockstep_rows cursor for select to_json(r)::text as line from (select ${list} from only ${name}${limit}) r`,
  )
  for (;;) {
    const { rows } = await source.query<{ line: string }>(`fetch ${batchRows} from lockstep_rows`)
    if (rows.length === 0) return
    await target.query(
      `insert into ${name} (${list}) overriding system value
       select ${list} from json_populate_recordset(null::${name}, $1::json)`,
      [`[${rows.map(row => row.line).join(',')}]`],
    )
  }
}

/** A constraint or a policy of the copy; anything else, such as a full disk, is no matter of the rows. */
function isRefusedRow(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state !== null && (state.startsWith('23') || state === '42501' || state.startsWith('22'))
}

async function removeOrphans(target: DatabaseClient): Promise<void> {
  const cleaners = await selectOrphanCleaners(target)
  for (let round = 0; round < mostRounds; round += 1) {
    let removed = 0
    for (const statement of cleaners) removed += (await target.query(statement)).rowCount ?? 0
    if (removed === 0) return
  }
}
