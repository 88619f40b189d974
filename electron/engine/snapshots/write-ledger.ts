import type { Tenant } from '../../../shared/topology/topology.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import type { Inspection } from '../ports/inspection.ts'
import type { Snapshots, TableWrites } from '../ports/snapshots.ts'

/**
 * Counts what others write from the moment of a copy on, so that a rollback can say what it would lose.
 *
 * PostgreSQL's counters hold the rows of every session, the migration's own among them, and forget those of a dropped table. So
 * they are read before the copy, and once more just before the vote, when what the migration drops is still there and
 * locked; the migration's own rows are counted inside its transaction.
 */
export interface WriteLedger {
  /** Before the copy. */
  begin(tenant: Tenant, signal: AbortSignal): Promise<void>
  /** Just before the vote; `part` tells the parts of a route from each other. */
  atVote(tenant: Tenant, part: string, inspection: Inspection | null): Promise<void>
  /** After the commit: the sum of the counters from which on every row is another session's. */
  conclude(tenant: Tenant, signal: AbortSignal): Promise<WriteBaseline>
}

export type WriteBaseline =
  | ({ readonly known: true } & NotedWrites)
  | { readonly known: false; readonly why: string }

/** What the counters stood at when the migration was through. */
export interface NotedWrites {
  readonly baseline: number
  readonly mark: string
  /** As in `TableWrites`; null in the logs of earlier versions. */
  readonly files: string | null
  readonly positions: string | null
}

interface Entry {
  readonly before: TableWrites | null
  atVote: TableWrites | null
  /** Rows of the migration itself, by part; null where they cannot be told from others'. */
  readonly own: Map<string, number | null>
}

const voteDeadlineMs = 10_000

/** A ledger for one run, kept in memory: without its conclusion in the log nothing is known. */
export function createWriteLedger(snapshots: Pick<Snapshots, 'readWrites'>): WriteLedger {
  const entries = new Map<string, Entry>()
  return {
    async begin(tenant, signal) {
      const before = await snapshots.readWrites(tenant, signal)
      entries.set(tenant.name, { before, atVote: null, own: new Map() })
    },
    async atVote(tenant, part, inspection) {
      const entry = entries.get(tenant.name)
      if (!entry) return
      entry.own.set(part, inspection?.xid != null ? (inspection.rowsWritten ?? null) : null)
      const signal = deadlineSignal(voteDeadlineMs)
      entry.atVote = await snapshots.readWrites(tenant, signal).catch(() => null)
    },
    async conclude(tenant, signal) {
      const entry = entries.get(tenant.name)
      if (!entry) return { known: false, why: 'no copy was taken' }
      return concludeEntry(entry, await snapshots.readWrites(tenant, signal))
    },
  }
}

function concludeEntry({ before, atVote, own }: Entry, after: TableWrites | null): WriteBaseline {
  if (!before || !after) return unknown('the server does not count rows (track_counts)')
  if (!atVote) return unknown('the counters could not be read before the vote')
  const marks = new Set([before.mark, atVote.mark, after.mark])
  if (marks.size > 1) return unknown('the counters were reset during the run')
  // What the migration itself has rewritten is not seen from outside before it commits.
  if (before.files !== atVote.files) return unknown('a table was emptied or rewritten during the run')
  let baseline = 0
  for (const rows of own.values()) {
    if (rows === null) return unknown('a part of the migration ran outside a transaction')
    baseline += rows
  }
  for (const [table, rows] of Object.entries(before.tables)) {
    // What others wrote to a dropped table before it was locked stays counted.
    baseline += table in after.tables ? rows : rows - (atVote.tables[table] ?? rows)
  }
  const { mark, files, positions } = after
  return { known: true, baseline, mark, files, positions }
}

function unknown(why: string): WriteBaseline {
  return { known: false, why }
}

/** Rows that others wrote since the copy; null where that is not known. */
export function countRowsSince(noted: NotedWrites | null, now: TableWrites | null): number | null {
  if (!noted || !now || findUncounted(noted, now) !== null) return null
  return sumSince(noted, now)
}

/** Why what others did since the copy is no number of rows; null where it is one. */
export function findUncounted(noted: NotedWrites, now: TableWrites): string | null {
  if (noted.mark !== now.mark) return 'the counters were reset since'
  if (noted.files !== null && noted.files !== now.files)
    return 'a table was emptied or rewritten since (as by TRUNCATE or VACUUM FULL)'
  const rows = sumSince(noted, now)
  // Rows of the migration itself that are not counted yet.
  if (rows < 0) return 'the counters of the run itself are not complete'
  // Where rows were written, numbers were given out for them.
  const isMoved = noted.positions !== null && noted.positions !== now.positions
  return rows === 0 && isMoved ? 'a sequence has given out numbers since, or was set' : null
}

function sumSince({ baseline }: NotedWrites, { tables }: TableWrites): number {
  return Object.values(tables).reduce((sum, count) => sum + count, 0) - baseline
}
