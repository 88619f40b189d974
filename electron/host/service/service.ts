import type { EngineEvent, Reply } from '../../../shared/api/engine-api.ts'

/** The engine behind a dashboard: in this process, or behind a process boundary; carriers cannot tell. */
export interface EngineService {
  /** A client of its own: what it follows ends with it. */
  connect(publish: (event: EngineEvent) => void): ServiceClient
  /** Ends what was started; a run at work is interrupted, undone and waited for. */
  close(): Promise<void>
}

/** One window or browser tab. */
export interface ServiceClient {
  /** Answers any name and any input: what is not in the contract is refused as data, never thrown. */
  request(name: string, input: unknown): Promise<Reply<unknown>>
  close(): void
}
