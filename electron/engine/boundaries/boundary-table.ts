import type { BoundaryName } from '../ports/boundaries.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { ClosedDatabase } from '../ports/restores.ts'
import type { AcquiredLock, PreparedTransactionSession } from '../ports/servers.ts'

/** For each member of a port: the boundary that a call crosses; null for one that changes nothing durable. */
export type BoundariesOf<Port> = { readonly [Member in keyof Port]: BoundaryName | null }

/** Ports of which no member changes anything durable: they read, ask, compute or wait. */
type OnlyLooks =
  | 'servers'
  | 'replicas'
  | 'facts'
  | 'isolation'
  | 'parser'
  | 'schemaFacts'
  | 'dependents'
  | 'replayFacts'
  | 'subscriberFacts'
  | 'lockTracer'
  | 'lossFacts'
  | 'reachFacts'
  | 'assertions'
  | 'http'
  | 'hooks'
  | 'approvals'
  | 'clock'
  | 'digest'

/** A new port, or a new member of one, does not compile until it is said here what it changes. */
export const boundaryTable: {
  readonly [Port in Exclude<keyof EnginePorts, OnlyLooks>]: BoundariesOf<EnginePorts[Port]>
} = {
  locks: { acquire: 'lock.acquire', readHolder: null },
  prepared: { list: null, openSession: null, status: null },
  sessions: { cancel: 'session.cancel', waitUntilGone: null },
  source: {
    describe: null,
    findVersionTable: null,
    readHeads: null,
    verifyApplied: null,
    planSteps: null,
    planDowngrade: null,
    // What a migration changes, it changes between its first statement and its last word: see `crossMigration`.
    migrate: null,
    close: null,
  },
  // A copy is made before it is lent, and dropped afterwards: see `withBoundaries`.
  shadows: { withShadow: null },
  rehearsals: { read: null, write: 'rehearsal.keep' },
  snapshots: {
    markPoint: 'snapshot.mark',
    take: 'snapshot.copy',
    readWrites: null,
    list: null,
    find: null,
    remove: 'snapshot.remove',
  },
  restores: {
    prepare: 'restore.prepare',
    discard: 'restore.discard',
    close: 'restore.close',
    open: 'restore.open',
    swap: 'restore.swap',
    readTies: null,
    listStrays: null,
  },
  store: {
    create: 'log.create',
    reopen: 'log.reopen',
    list: null,
    read: null,
    readIntact: null,
    follow: null,
    writeDocument: 'report.write',
  },
}

/** The same of what ports lend. */
export const lentBoundaries: {
  readonly preparedSession: BoundariesOf<PreparedTransactionSession>
  readonly lock: BoundariesOf<AcquiredLock>
  readonly closed: BoundariesOf<ClosedDatabase>
} = {
  preparedSession: { commit: 'vote.commit', rollback: 'vote.roll_back', close: null },
  lock: { acquired: null, isHeld: null, release: 'lock.release' },
  closed: {
    sessions: null,
    disconnect: 'restore.disconnect',
    readWrites: null,
    release: 'restore.release',
  },
}
