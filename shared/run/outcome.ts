import { assertNever } from '../text/assert-never.ts'

/** How a run ended. */
export type Outcome =
  | 'migrated'
  | 'nothing_to_do'
  | 'tool_failed'
  | 'config_invalid'
  | 'stopped_by_gate'
  | 'approval_refused'
  | 'rolled_back'
  | 'needs_human'
  | 'locked'
  | 'interrupted'
  | 'terminated'
  | 'hung_up'

/** How a group of tenants ended. */
export type GroupResult = 'committed' | 'rolled_back' | 'partial' | 'unsettled' | 'skipped'

/** The exit code of an outcome; stable, documented in `--help` and in the report. */
export function exitCodeOf(outcome: Outcome): number {
  switch (outcome) {
    case 'migrated':
    case 'nothing_to_do':
      return 0
    case 'tool_failed':
      return 1
    case 'config_invalid':
      return 2
    case 'stopped_by_gate':
      return 3
    case 'approval_refused':
      return 4
    case 'rolled_back':
      return 5
    case 'needs_human':
      return 6
    case 'locked':
      return 7
    case 'interrupted':
      return 130
    case 'terminated':
      return 143
    case 'hung_up':
      return 129
    default:
      return assertNever(outcome)
  }
}
