import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { PrintedItem } from '../../../catalog/printed-item.ts'
import type { Inspection, InspectionStatement } from '../../../engine/ports/inspection.ts'
import { selectTokenOf } from './catalog-token.ts'
import {
  fingerprintSettings,
  parsePrintedItems,
  selectFingerprintItems,
  selectPresence,
  selectPresentItems,
} from './fingerprint-items.ts'
import type { FingerprintMemory, Presence } from './fingerprint-memory.ts'
import { isAsMeant } from './fingerprint-words.ts'
import { hashItems } from './hash-items.ts'
import { narrowTo, planNamesOf } from './narrow-to-schema.ts'
import { readTableFiles, selectTableFiles } from './table-files.ts'

/**
 * What to run, in this order and on the migrating connection itself, just before the vote.
 *
 * The savepoint is given back at the end, and with it the settings and some hundreds of locks
 * that the prepared transaction would otherwise carry. The caller needs no savepoint of its own.
 */
export function inspectionStatements(
  tenant: Tenant,
  { withFiles = false, presence = null }: InspectionWants = {},
): readonly InspectionStatement[] {
  return [
    { name: 'savepoint', sql: 'savepoint lockstep_inspection' },
    { name: 'settings', sql: fingerprintSettings },
    ...tokenStatement(tenant, 'token_before'),
    { name: 'presence', sql: selectPresence() },
    { name: 'items', ...selectItems(tenant, presence) },
    ...tokenStatement(tenant, 'token'),
    { name: 'invalid_indexes', sql: selectInvalidIndexes },
    { name: 'unvalidated_constraints', sql: selectUnvalidatedConstraints },
    { name: 'writes', sql: selectOwnWrites },
    { name: 'changes', sql: selectOwnChanges },
    ...(withFiles ? [{ name: 'files', sql: selectTableFiles }] : []),
    { name: 'rollback', sql: 'rollback to savepoint lockstep_inspection' },
    { name: 'release', sql: 'release savepoint lockstep_inspection' },
  ]
}

function tokenStatement(tenant: Tenant, name: string): readonly InspectionStatement[] {
  const sql = selectTokenOf(tenant)
  return sql === null ? [] : [{ name, sql }]
}

interface InspectionWants {
  readonly withFiles?: boolean
  /** Which rare kinds of objects there will probably be. */
  readonly presence?: Presence | null
}

/** Planning a statement over all catalogs takes several times as long as reading those that have anything. */
function selectItems(
  { appRole, schema }: Tenant,
  presence: Presence | null,
): Omit<InspectionStatement, 'name'> {
  const all = selectFingerprintItems(appRole, schema)
  if (presence === null) return { sql: all }
  const given = { name: 'presence', rows: [presence] }
  return { sql: selectPresentItems(appRole, presence, schema), given, otherwise: all }
}

/** Inspections that go by what was seen of others, and are remembered: what has voted need not be read again. */
export function createInspection(memory: FingerprintMemory) {
  return {
    statements: (tenant: Tenant, { withFiles }: { readonly withFiles: boolean }) =>
      inspectionStatements(tenant, { withFiles, presence: memory.guessPresence(tenant) }),
    parse(rowsByName: Readonly<Record<string, readonly unknown[]>>, tenant: Tenant) {
      const inspection = parseInspection(rowsByName, tenant)
      const [presence] = rowsByName.presence ?? []
      if (presence) memory.notePresence(tenant, presence as Presence)
      // Somebody else may have changed what this transaction does not hold, while it was being read.
      const token = readToken(rowsByName.token)
      if (token === null || token !== readToken(rowsByName.token_before)) return inspection
      memory.remember(tenant, token, inspection.fingerprint)
      memory.keepPrinted(inspection.fingerprint, readItems(rowsByName, tenant))
      return inspection
    },
  }
}

function readToken(rows: readonly unknown[] = []): string | null {
  const { token } = (rows[0] ?? {}) as { readonly token?: unknown }
  return typeof token === 'string' ? token : null
}

/** Makes the inspection from the rows of `inspectionStatements`, each an object keyed by column name. */
export function parseInspection(
  rowsByName: Readonly<Record<string, readonly unknown[]>>,
  tenant?: Pick<Tenant, 'schema'>,
): Omit<Inspection, 'xid' | 'heads'> {
  const narrow = narrowTo(tenant?.schema)
  return {
    fingerprint: hashItems(readItems(rowsByName, tenant)),
    invalidIndexes: narrow.names(readNames(rowsOf(rowsByName, 'invalid_indexes'))),
    unvalidatedConstraints: narrow.names(readNames(rowsOf(rowsByName, 'unvalidated_constraints'))),
    ...readOwnWrites(rowsByName.writes ?? []),
    ...(rowsByName.changes ? readOwnChanges(rowsByName.changes, tenant ?? {}) : {}),
    ...(rowsByName.files ? { files: readTableFiles(rowsByName.files, tenant ?? {}) } : {}),
  }
}

function readItems(
  rowsByName: Readonly<Record<string, readonly unknown[]>>,
  tenant: Pick<Tenant, 'schema'> | undefined,
): readonly PrintedItem[] {
  return narrowTo(tenant?.schema).printed(parsePrintedItems(rowsOf(rowsByName, 'items')))
}

function rowsOf(rowsByName: Readonly<Record<string, readonly unknown[]>>, name: string): readonly unknown[] {
  const rows = rowsByName[name]
  if (rows === undefined) throw new Error(`the inspection has no rows of ${name}`)
  return rows
}

/** Counted by PostgreSQL as the transaction goes; others see it only after the commit. */
const selectOwnWrites = `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text as rows
from pg_catalog.pg_stat_xact_all_tables
where (schemaname !~ '^pg_' and schemaname <> 'information_schema') or relname = 'pg_largeobject'`

function readOwnWrites([row]: readonly unknown[]): { readonly rowsWritten?: number } {
  const rows = Number((row as { readonly rows?: unknown } | undefined)?.rows)
  return Number.isFinite(rows) ? { rowsWritten: rows } : {}
}

const selectOwnChanges = `select quote_ident(schemaname)||'.'||quote_ident(relname) as table,
  n_tup_upd::text as updated, n_tup_del::text as deleted
from pg_catalog.pg_stat_xact_all_tables
where n_tup_upd + n_tup_del > 0 and schemaname !~ '^pg_' and schemaname <> 'information_schema'`

function readOwnChanges(
  rows: readonly unknown[],
  tenant: Pick<Tenant, 'schema'>,
): Pick<Inspection, 'rowsChanged'> {
  const changed = rows.map(row => {
    const { table, updated, deleted } = row as Readonly<Record<string, unknown>>
    return { table: String(table), updated: Number(updated), deleted: Number(deleted) }
  })
  return { rowsChanged: planNamesOf(tenant, changed) }
}

const selectInvalidIndexes = `select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where not (i.indisvalid and i.indisready and i.indislive) and n.nspname !~ '^pg_'`

/** A not-null constraint (18) is named by its column, as in the fingerprint. */
const selectUnvalidatedConstraints = `select case when con.conrelid <> 0 then con.conrelid::regclass::text else con.contypid::regtype::text end
  ||'.'||quote_ident(case when con.contype = 'n' then a.attname else con.conname end) as name
from pg_constraint con
left join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1] and con.contype = 'n'
where not ${isAsMeant('con')}`

function readNames(rows: readonly unknown[]): readonly string[] {
  return rows.map(row => String((row as { readonly name: unknown }).name)).sort()
}
