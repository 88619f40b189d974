import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'

/** The cluster that a server should belong to by its declaration, where it proved to belong to another. */
export function findExpected({ server }: ServerObservation, found: DiscoveredProject): string | null {
  const fact = found.findings.find(one => one.subject === server && one.what.kind === 'other_cluster')?.what
  if (fact?.kind !== 'other_cluster') return null
  const cluster = found.clusters.find(
    one => one.name === fact.expected || one.primary.server === fact.expected,
  )
  return cluster?.name ?? null
}
