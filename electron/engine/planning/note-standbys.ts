import type { PlanNote } from '../../../shared/plan/plan.ts'
import type { DeclaredReplay, Topology } from '../../../shared/topology/topology.ts'
import { describeUndeclared } from '../../discovery/describe-undeclared.ts'

/** Standbys that a run treats otherwise than by waiting for their replay: those that are late as declared, and those that are not declared. */
export function noteStandbys({ clusters }: Pick<Topology, 'clusters'>): readonly PlanNote[] {
  const standbys = clusters.flatMap(cluster => cluster.standbys)
  const late = standbys.flatMap(({ server, declaredReplay }) =>
    declaredReplay === undefined ? [] : [`standby ${server} ${promises[declaredReplay]}`],
  )
  const undeclared = clusters
    .flatMap(cluster => cluster.undeclared ?? [])
    .map(one => `server ${one.sender}: ${describeUndeclared(one)}; a run does not wait for it`)
  return [...late, ...undeclared].map(text => ({ kind: 'standby', text }))
}

const promises: Readonly<Record<DeclaredReplay, string>> = {
  delayed: 'is late on purpose: a run waits until it has received the commits, not until it shows them',
  archive: 'takes its WAL from an archive: a run does not wait for it',
}
