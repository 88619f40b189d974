export { describeFailure } from '../../shared/describe-failure.ts'
export { type Failure, LockstepError } from '../../shared/failure.ts'
export type { MigrationGraph } from '../../shared/migration-graph.ts'
export type { Report } from '../../shared/report/report-schema.ts'
export type { RunEvent } from '../../shared/run-event.ts'
export type { SchemaConsistency } from '../app/drift/compare-replicas.ts'
export type {
  Agent,
  ConstructedGates,
  GateRequest,
  OrchestrateRequest,
} from './create-agent.ts'
export { createAgent } from './create-agent.ts'
