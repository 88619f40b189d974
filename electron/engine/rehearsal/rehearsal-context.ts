import type { ProjectConfig } from '../../config/project-config.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'

/** What a rehearsal asks of the outside world. */
export type RehearsalPorts = Pick<
  EnginePorts,
  | 'servers'
  | 'sessions'
  | 'prepared'
  | 'source'
  | 'parser'
  | 'reachFacts'
  | 'shadows'
  | 'lockTracer'
  | 'clock'
  | 'digest'
>

/** What every part of a rehearsal knows. */
export interface RehearsalContext {
  readonly config: Pick<ProjectConfig, 'rehearsal' | 'execution'>
  readonly ports: RehearsalPorts
  /** Told of each step in words, for the person who waits. */
  readonly onProgress: (line: string) => void
}
