import type { Failure } from '../../../shared/failure/failure.ts'

/** A copy that a process has left behind which did not live to remove it. */
export interface LeftCopy {
  readonly kind: 'shadow' | 'sandbox' | 'restore' | 'snapshot' | 'dump'
  /** Null for what is not in a server of the project. */
  readonly server: string | null
  /** The database, the folder or the file. */
  readonly name: string
  /** Null where it was not measured. */
  readonly bytes: number | null
}

/** What became of a copy that was to be removed. */
export interface RemovedCopy extends LeftCopy {
  /** Null when it is gone. */
  readonly failure: Failure | null
}

/** Copies that are no longer needed: found, and removed on request. */
export interface LeftCopies {
  /** Never one of a process that is still at work with it. */
  list(signal: AbortSignal): Promise<readonly LeftCopy[]>
  /** Removes what `list` finds now. */
  remove(signal: AbortSignal): Promise<readonly RemovedCopy[]>
}
