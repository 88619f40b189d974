import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'

/** Rehearsals kept beside the plans that they speak for. */
export interface Rehearsals {
  /** Null when this plan was not rehearsed, or the record cannot be read. */
  read(planId: string): Promise<Rehearsal | null>
  write(rehearsal: Rehearsal): Promise<void>
}
