import type { Failure } from '../../../shared/failure/failure.ts'
import type { PhaseName } from '../../../shared/run/phase.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { Recorder } from '../recording/recorder.ts'

/** A place in the story of a run where hooks may stand; `group` is null for phases that do not repeat. */
export interface HookPlace {
  readonly moment: 'before' | 'after'
  readonly phase: PhaseName
  readonly group: string | null
}

/** What hooks are asked through. */
export type HookPorts = Pick<EnginePorts, 'hooks' | 'http' | 'assertions' | 'parser'>

/** What hooks need to be asked and to be told of. */
export interface HookAsker {
  readonly recorder: Recorder
  readonly ports: HookPorts
  readonly clock: EnginePorts['clock']
}

/** The team's own gates around the phases of one run. */
export interface PhaseHooks {
  /** Listens to the run: what hooks are told comes from its events. */
  readonly onEvent: (event: RunEvent) => void
  /**
   * Asks every hook of a place, one after another; the failure names the first that does not open the way. Never throws.
   *
   * `failure`: why the run is rolled back, where it is.
   */
  ask(
    asker: HookAsker,
    place: HookPlace,
    signal: AbortSignal,
    failure?: Failure | null,
  ): Promise<Failure | null>
}

/** For settling what a run began: no hook is asked, unless a recovery goes on with further groups. */
export const noHooks: PhaseHooks = { onEvent: () => undefined, ask: async () => null }
