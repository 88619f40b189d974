export { describeFailure } from '../../shared/failure/describe-failure.ts'
export { type Failure, LockstepError } from '../../shared/failure/failure.ts'
export type { MigrationGraph } from '../../shared/plan/migration-graph.ts'
export type { RunEvent } from '../../shared/run/run-event.ts'
export type { SchemaConsistency } from '../app/drift/compare-replicas.ts'
export type { Report } from '../reports/report-schema.ts'
export type {
  Agent,
  ConstructedGates,
  GateRequest,
  OrchestrateRequest,
} from './create-agent.ts'
export { createAgent } from './create-agent.ts'
