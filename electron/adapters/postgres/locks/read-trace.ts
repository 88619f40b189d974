import { type LockMode, lockModes, strongerLock } from '../../../../shared/analysis/rehearsal.ts'
import type { TraceRows } from '../../../engine/ports/lock-trace.ts'

/** What a session saw of itself at one moment; relations go by their object identifier. */
export interface TraceSeen {
  /** The session's virtual transaction: another one means that the locks of the one before are gone. */
  readonly transaction: string
  /** The strongest lock on each relation. */
  readonly locks: ReadonlyMap<string, LockMode>
  readonly files: ReadonlyMap<string, FileSeen>
  readonly scans: ReadonlyMap<string, ScansSeen>
  /** Names of indexes and constraints that are not valid. */
  readonly invalid: ReadonlyMap<string, string>
  /** A digest of each part of what all databases of the server share. */
  readonly shared: ReadonlyMap<string, string>
}

export interface FileSeen {
  readonly kind: string
  readonly name: string
  readonly file: string
}

/** How often a table was read from end to end, and how many rows that gave. */
export interface ScansSeen {
  /** What the session has not told the server yet. */
  readonly own: Scans
  /** What the server has been told by all sessions. */
  readonly told: Scans
}

export interface Scans {
  readonly scans: number
  readonly rows: number
}

type Row = Readonly<Record<string, unknown>>

/** Reads the rows of the trace's queries. */
export function readTrace(rows: TraceRows): TraceSeen {
  return {
    transaction: textOf(rowsOf(rows, 'locks')[0], 'transaction'),
    locks: readLocks(rows),
    files: new Map(rowsOf(rows, 'files').map(row => [textOf(row, 'oid'), readFile(row)])),
    scans: new Map(rowsOf(rows, 'scans').map(row => [textOf(row, 'oid'), readScans(row)])),
    invalid: new Map(rowsOf(rows, 'invalid').map(row => [textOf(row, 'id'), textOf(row, 'name')])),
    shared: new Map(rowsOf(rows, 'shared').map(row => [textOf(row, 'what'), textOf(row, 'state')])),
  }
}

/** Reads the strongest lock on each relation. */
export function readLocks(rows: TraceRows): ReadonlyMap<string, LockMode> {
  const locks = new Map<string, LockMode>()
  for (const row of rowsOf(rows, 'locks')) {
    const mode = lockModes.find(one => one === row.mode)
    if (row.type !== 'relation' || mode === undefined) continue
    const oid = textOf(row, 'oid')
    locks.set(oid, strongerLock(locks.get(oid) ?? mode, mode))
  }
  return locks
}

/** Reads the relations that were there before the first statement. */
export function readTracedRelations(rows: TraceRows): ReadonlyMap<string, FileSeen> {
  return new Map(rowsOf(rows, 'relations').map(row => [textOf(row, 'oid'), readFile(row)]))
}

function readFile(row: Row): FileSeen {
  return { kind: textOf(row, 'kind'), name: textOf(row, 'name'), file: textOf(row, 'file') }
}

function readScans(row: Row): ScansSeen {
  return {
    own: { scans: Number(row.own_scans), rows: Number(row.own_rows) },
    told: { scans: Number(row.told_scans), rows: Number(row.told_rows) },
  }
}

function rowsOf(rows: TraceRows, name: string): readonly Row[] {
  return rows[name] ?? []
}

function textOf(row: Row | undefined, column: string): string {
  return String(row?.[column] ?? '')
}
