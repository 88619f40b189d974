import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { refuseOpen } from '../../engine/open-runs/find-refusal.ts'
import { type ProposalPorts, proposeRollback } from '../../engine/rollback/propose-rollback.ts'
import { type DiscoveryPorts, discoverTopology } from '../../engine/topology/discover-topology.ts'
import type { RollbackStore } from '../ports/rollback-store.ts'

/** What is asked before a run is undone. */
export interface ProposalQuestion {
  readonly config: ProjectConfig
  readonly runId: string
  readonly tenants: readonly string[]
  /** Told of each step in words. */
  readonly onProgress: (line: string) => void
}

/** Says what undoing a run would do, and keeps it, so that it can be approved by its id. */
export async function proposeForFleet(
  question: ProposalQuestion,
  ports: ProposalPorts & DiscoveryPorts & { readonly rollbacks: Pick<RollbackStore, 'keep'> },
  signal: AbortSignal,
): Promise<RollbackProposal> {
  const topology = await discoverTopology(question.config, ports, async () => undefined, signal)
  // Prepared tables are locked: losses could not be counted.
  await refuseOpen({ config: question.config, topology }, ports, signal)
  const { proposal } = await proposeRollback({ ...question, topology }, ports, signal)
  ports.rollbacks.keep(proposal)
  return proposal
}
