import type { EnginePorts } from '../engine-ports.ts'

/** What the search asks of the outside. */
export type ConflictPorts = Pick<
  EnginePorts,
  'servers' | 'source' | 'parser' | 'schemaFacts' | 'dependents' | 'digest'
>
