import type { PhaseProse } from '../protocol/list-prose.ts'

/** The runbook of the open project, as people read it. */
export interface ProtocolView {
  /** Its file, relative to the project file; null for the protocol that ships with Lockstep. */
  readonly file: string | null
  /** Phases that it says something about, in their order. */
  readonly phases: readonly PhaseProse[]
}
