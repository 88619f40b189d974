/** The stages of a run, in their order. */
export const phaseNames = [
  'topology_discovery',
  'planning',
  'safety_gate_validation',
  'approval',
  'rollback_snapshot',
  'migration_execution',
  'replica_sync_validation',
  'smoke_test',
  'rollback',
] as const

export type PhaseName = (typeof phaseNames)[number]

export type PhaseStatus = 'success' | 'failed' | 'skipped'

/** What a hook of the team, which stands before or after a phase, is: a program, an address, or a query. */
export type HookKind = 'executable' | 'http' | 'sql'

/** A phase's name as people say it. */
export function describePhase(phase: string): string {
  return phase.replaceAll('_', ' ')
}

/** How a phase ended, as people say it. */
export function describeStatus(status: PhaseStatus): string {
  return status === 'success' ? 'done' : status
}
