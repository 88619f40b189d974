import type { RollbackProposal } from '../../../shared/run/rollback.ts'

/** Proposals that were shown, so that an approval by id can later say what moved. */
export interface RollbackStore {
  keep(proposal: RollbackProposal): void
  /** The kept proposal whose id begins so; null where there is none, or several. */
  find(start: string): RollbackProposal | null
}
