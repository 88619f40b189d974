import type { EngineEvent, Reply } from '../../../../shared/api/engine-api.ts'
import type { Outcome } from '../../../../shared/run/outcome.ts'
import type { InterruptionSignal } from '../../../../shared/run/run-intent.ts'

/** The engine behind a dashboard: in this process, or behind a process boundary; transports cannot tell. */
export interface EngineService {
  /** A client of its own: what it follows ends with it. */
  connect(publish: (event: EngineEvent) => void): ServiceClient
  /** Ends what was started; a run at work is interrupted, undone and waited for. How that run ended, or null where none was at work. */
  close(by?: InterruptionSignal): Promise<EndedRun | null>
}

/** A run that was at work when its engine was asked to end. */
export interface EndedRun {
  readonly runId: string
  /** Null when it is not known how it ended. */
  readonly outcome: Outcome | null
}

/** One window or browser tab. */
export interface ServiceClient {
  /** Answers any name and any input: what is not in the contract is refused as data, never thrown. */
  request(name: string, input: unknown): Promise<Reply<unknown>>
  close(): void
}
