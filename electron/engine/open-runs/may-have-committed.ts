import type { Outcome } from '../../../shared/run/outcome.ts'

/** Whether a run that ended so has changed tenants, or may have. */
export function mayHaveCommitted({ outcome }: { readonly outcome: Outcome | null }): boolean {
  return outcome === 'migrated' || outcome === 'needs_human'
}
