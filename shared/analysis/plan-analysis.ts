import type { PlanFinding } from './finding.ts'
import type { HiddenForeignKeys } from './hidden-rows.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { ReplayForecast } from './replay-forecast.ts'
import type { Quarantine, SchemaClass } from './schema-class.ts'
import type { SubscriberForecast } from './subscriber-forecast.ts'

/** What is known about a plan before it runs. It holds for the plan whose id it carries. */
export interface PlanAnalysis {
  readonly planId: string
  /** Lint and conflicts, in the order of the plan. */
  readonly findings: readonly PlanFinding[]
  readonly classes: readonly SchemaClass[]
  readonly quarantined: readonly Quarantine[]
  /** Null when this plan was not rehearsed; `notRehearsed` says why. */
  readonly rehearsal: Rehearsal | null
  /** Empty when there is a rehearsal. */
  readonly notRehearsed: string
  /** Null until a rehearsal has shown the locks. */
  readonly forecast: readonly ReplayForecast[] | null
  /** What logical subscribers will meet; null when it could not be found out, absent in what was kept before. */
  readonly subscribers?: readonly SubscriberForecast[] | null
  /** Where policies keep foreign keys from being counted; absent where nothing does. */
  readonly hidden?: readonly HiddenForeignKeys[]
}
