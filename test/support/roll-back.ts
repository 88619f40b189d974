import { newRunId } from '../../electron/adapters/run-log/new-run-id.ts'
import type { ApprovalAnswer } from '../../electron/engine/ports/approvals.ts'
import type { EnginePorts } from '../../electron/engine/ports/engine-ports.ts'
import type { RunLogWriter } from '../../electron/engine/ports/run-log.ts'
import { proposeRollback } from '../../electron/engine/rollback/propose-rollback.ts'
import type { RollbackRequest } from '../../electron/engine/rollback/rollback-request.ts'
import { runRollback } from '../../electron/engine/rollback/run-rollback.ts'
import { discoverTopology } from '../../electron/engine/topology/discover-topology.ts'
import type { RollbackProposal } from '../../shared/run/rollback.ts'
import { type EngineFixture, type FixtureRun, never, type Settings } from './engine-fixture.ts'

export interface RollBackOptions extends Partial<Omit<RollbackRequest, 'config' | 'toolVersion' | 'runId'>> {
  readonly settings?: Settings
  readonly approval?: ApprovalAnswer
  readonly change?: (ports: EnginePorts) => EnginePorts
  readonly changeLog?: (log: RunLogWriter) => RunLogWriter
}

/** Undoes a run of a fixture, by flag unless asked otherwise. */
export function rollBack(
  fixture: EngineFixture,
  runId: string,
  { settings = {}, approval, change, changeLog, ...options }: RollBackOptions = {},
): Promise<FixtureRun> {
  return fixture.withPorts(async (real, project) => {
    const ask = async (): Promise<ApprovalAnswer> =>
      approval ?? { answer: 'approved', how: 'flag', by: 'test', confirmation: null }
    const approving = { ...real, approvals: { ask } }
    const ports = change?.(approving) ?? approving
    const log = await real.store.create(newRunId())
    const request = {
      config: project.config,
      toolVersion: '0.0.0',
      runId,
      tenants: [],
      acceptLoss: null,
      disconnect: false,
      approved: null,
      ...options,
    }
    const nobody = { signal: never, name: () => null }
    const end = await runRollback(request, ports, changeLog?.(log) ?? log, [], nobody)
    await log.close()
    return { ...end, events: await real.store.read(end.runId) }
  }, settings)
}

/** What undoing a run would do. */
export function propose(
  fixture: EngineFixture,
  runId: string,
  {
    settings = {},
    tenants = [],
  }: { readonly settings?: Settings; readonly tenants?: readonly string[] } = {},
): Promise<RollbackProposal> {
  return fixture.withPorts(async (ports, { config }) => {
    const topology = await discoverTopology(config, ports, async () => undefined, never)
    const request = { config, runId, tenants, topology, onProgress: () => undefined }
    return (await proposeRollback(request, ports, never)).proposal
  }, settings)
}
