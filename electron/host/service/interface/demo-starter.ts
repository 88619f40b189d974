import type { Failure } from '../../../../shared/failure/failure.ts'

/** Where the sandbox is, as the engine knows it: its cluster runs in a process of its own. */
export interface DemoStarter {
  /** Resolves with the folder of the demo's project, also when the sandbox runs already; `say` hears each step. */
  start(say: (line: string) => void): Promise<{ readonly folder: string }>
  /** The folder of a sandbox that runs already. */
  running(): string | null
  /** Tells when a running sandbox went away. */
  onEnd(listener: (failure: Failure) => void): void
}
