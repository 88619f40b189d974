import type { LockMode, TracedLock, TracedStatement } from '../../../../shared/analysis/rehearsal.ts'
import type {
  LockTracer,
  StatementTrace,
  StatementTracer,
  TraceRows,
} from '../../../engine/ports/lock-trace.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withLockWatch } from './lock-watch.ts'
import {
  type FileSeen,
  readLocks,
  readTrace,
  readTracedRelations,
  type Scans,
  type TraceSeen,
} from './read-trace.ts'
import { shownByLock, traceQueries } from './trace-queries.ts'

/** Reads from the migrating session itself what each statement locked, rewrote, scanned and left invalid. */
export function createLockTracer(find: (server: string) => ServerSettings): LockTracer {
  return {
    queries: traceQueries,
    start: rows => new Trace(rows),
    withWatch: ({ server, database }, use, signal) => withLockWatch(find(server), database, use, signal),
  }
}

class Trace implements StatementTracer {
  /** Relations that were there before the first statement: no other session can wait for any other. */
  readonly #relations: ReadonlyMap<string, FileSeen>
  readonly #oidByName: ReadonlyMap<string, string>
  readonly #files: Map<string, string>
  readonly #dropped = new Set<string>()
  /** Locks that statements took in the present transaction; what its keeper took for itself is left out. */
  readonly #held = new Map<string, LockMode>()
  #last: TraceSeen

  constructor(rows: TraceRows) {
    this.#relations = readTracedRelations(rows)
    this.#oidByName = new Map([...this.#relations].map(([oid, { name }]) => [name, oid]))
    this.#files = new Map([...this.#relations].map(([oid, { file }]) => [oid, file]))
    this.#last = readTrace(rows)
  }

  next(afterRows: TraceRows, beforeRows?: TraceRows, watched?: TraceRows): StatementTrace {
    const after = readTrace(afterRows)
    const before = beforeRows ? readTrace(beforeRows) : this.#last
    if (beforeRows) this.#findRewrites(before)
    const shared = findChanged(this.#last.shared, after.shared)
    if (after.transaction !== this.#last.transaction) this.#held.clear()
    this.#last = after
    return {
      locks: this.#findLocks(before, watched ? readLocks(watched) : after.locks, after.transaction),
      rewrites: this.#findRewrites(after),
      scans: this.#findScans(before, after),
      invalid: [...after.invalid].flatMap(([id, name]) => (before.invalid.has(id) ? [] : [name])).sort(),
      ...(shared.length > 0 ? { shared } : {}),
    }
  }

  #findLocks(before: TraceSeen, locks: TraceSeen['locks'], transaction: string): readonly TracedLock[] {
    const earlier: TraceSeen['locks'] = before.transaction === transaction ? before.locks : new Map()
    // A statement may go back to a savepoint, and give back what was taken since.
    for (const oid of this.#held.keys()) if (!locks.has(oid)) this.#held.delete(oid)
    const found: TracedLock[] = []
    for (const [oid, mode] of locks) {
      const relation = this.#relations.get(oid)
      const isNew = earlier.get(oid) !== mode
      if (relation === undefined || !(isNew || this.#held.has(oid))) continue
      this.#held.set(oid, mode)
      found.push({ relation: relation.name, kind: relation.kind, mode, isNew })
    }
    return found.sort(byRelation)
  }

  /** Tables and indexes with another file than before; one that was made again under its name counts as well. */
  #findRewrites(seen: TraceSeen): readonly string[] {
    const found: string[] = []
    for (const [oid, { kind, name, file }] of seen.files) {
      const known = this.#files.get(oid)
      const replaced = kind === 'i' ? this.#findReplaced(seen, name) : undefined
      const isRewritten = known === undefined ? replaced !== undefined && replaced !== file : known !== file
      if (isRewritten) found.push(this.#relations.get(oid)?.name ?? name)
      if (known !== undefined) this.#files.set(oid, file)
    }
    for (const oid of seen.locks.keys()) if (!seen.files.has(oid)) this.#dropped.add(oid)
    return [...new Set(found)].sort()
  }

  /** The file of an index of this name that has just made room for another. */
  #findReplaced(seen: TraceSeen, name: string): string | undefined {
    const oid = this.#oidByName.get(name)
    if (oid === undefined || seen.files.has(oid) || this.#dropped.has(oid)) return undefined
    return this.#files.get(oid)
  }

  #findScans(before: TraceSeen, after: TraceSeen): TracedStatement['scans'] {
    const isOne = before.transaction === after.transaction
    const count = (seen: TraceSeen, oid: string): Scans => {
      const scans = seen.scans.get(oid)
      if (scans === undefined) return { scans: 0, rows: 0 }
      // Outside a transaction a session may have told the server in between, and been reset.
      return isOne
        ? scans.own
        : { scans: scans.own.scans + scans.told.scans, rows: scans.own.rows + scans.told.rows }
    }
    return [...after.scans.keys()]
      .flatMap(oid => {
        const relation = this.#relations.get(oid)
        const [from, to] = [count(before, oid), count(after, oid)]
        if (relation === undefined || to.scans <= from.scans) return []
        return [{ relation: relation.name, rows: Math.max(0, to.rows - from.rows) }]
      })
      .sort(byRelation)
  }
}

function byRelation(a: { readonly relation: string }, b: { readonly relation: string }): number {
  return a.relation < b.relation ? -1 : 1
}

/** Parts of what the server shares that are not as before. */
function findChanged(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const changed = [...after].flatMap(([what, state]) => (before.get(what) === state ? [] : [what]))
  // Of what shows by itself the lock is no news.
  return changed.length > 1 ? changed.filter(what => what !== shownByLock) : changed
}
