import type { PhaseName } from '../run/phase.ts'

/** What a protocol says to people about one phase. */
export interface PhaseProse {
  readonly phase: PhaseName
  readonly heading: string
  /** Markdown, without the blocks of settings. */
  readonly prose: string
}

/** The runbook of the open project, as people read it. */
export interface ProtocolView {
  /** Its file, relative to the project file; null for the protocol that ships with Lockstep. */
  readonly file: string | null
  /** Phases that it says something about, in their order. */
  readonly phases: readonly PhaseProse[]
}
