import type { EnginePorts } from '../ports/engine-ports.ts'

/** What the search asks of the outside. */
export type ConflictPorts = Pick<
  EnginePorts,
  'servers' | 'source' | 'parser' | 'schemaFacts' | 'dependents' | 'digest'
>
