import type { RunEventType } from '../../../shared/run/run-event.ts'

/**
 * Every moment at which something durable changes, in a database, in a file or in the log, and what changes there.
 *
 * A run can be cut off before and after each of them; what has to hold then is tried for every one of this list.
 */
export const boundaries = {
  'lock.acquire': 'the run lock of a cluster is taken',
  'lock.release': 'the run lock of a cluster is given back',
  'transaction.begin': "a tenant's transaction has begun: its locks count from here on",
  'revision.apply': 'a revision has run in a transaction, which is still open',
  'vote.prepare': "a tenant's transaction is prepared under the identifier of its vote",
  'vote.commit': 'a prepared transaction is committed',
  'vote.roll_back': 'a prepared transaction is rolled back',
  'tenant.commit': 'a tenant that votes alone commits its transaction',
  'statement.outside': 'a statement outside of a transaction has run, and stays',
  'revision.note': 'a revision that ran outside of a transaction is noted in the version table',
  'session.cancel': "a tenant's running statement is cancelled from elsewhere",
  'snapshot.mark': 'the place of a snapshot in the WAL is marked',
  'snapshot.copy': 'the data of a tenant is copied, and the copy kept on record',
  'snapshot.remove': 'a copy that is no longer kept is removed',
  'rehearsal.copy': 'a scratch copy of a tenant is made',
  'rehearsal.run': 'the migration runs on a scratch copy',
  'rehearsal.drop': 'a scratch copy is dropped',
  'rehearsal.keep': 'what a rehearsal found is kept beside the plan',
  'restore.prepare': 'a database is made from a snapshot, beside its tenant',
  'restore.close': "a tenant's database takes no more sessions",
  'restore.disconnect': "others' sessions of a closed database are ended",
  'restore.release': 'the last session of a closed database is ended',
  'restore.swap': 'restored databases take the places of their tenants',
  'restore.open': "a tenant's database takes sessions again",
  'restore.discard': 'a database that was restored, and is not wanted, is dropped',
  'log.create': 'the log of a run is begun',
  'log.reopen': 'the log of a run that was cut off is opened again',
  'report.write': 'a document is left beside the log',
} as const

export type BoundaryName = keyof typeof boundaries

/** Told of each moment right before and right after something changes; it may hold the run there, or never answer. */
export type FaultPoint = (when: 'before' | 'after', name: BoundaryName | RunEventType) => Promise<void>
