import type { MigrationGraph, Revision } from '../../shared/plan/migration-graph.ts'
import { orderNewestFirst } from './lane-layout.ts'

/** The part of a graph that is drawn, and how much of it is not. */
export interface ChosenRevisions {
  readonly revisions: readonly Revision[]
  readonly folded: number
  /** Lines that pass over revisions that are not drawn, as `from>to`. */
  readonly bridges: ReadonlySet<string>
}

/** Chooses what is drawn of a big graph: where tenants are or go to, the heads and bases, and what lies next to these. */
export function chooseRevisions(
  graph: MigrationGraph,
  marked: readonly string[],
  most = 150,
): ChosenRevisions {
  const { revisions } = graph
  if (revisions.length <= most) return { revisions, folded: 0, bridges: new Set() }
  const neighbours = listNeighbours(revisions)
  const chosen = new Set<string>()
  let edge = [...new Set([...graph.heads, ...marked, ...graph.bases])].filter(id => neighbours.has(id))
  while (edge.length > 0 && chosen.size < most) {
    for (const id of edge) if (chosen.size < most) chosen.add(id)
    edge = [...new Set(edge.flatMap(id => neighbours.get(id) ?? []))].filter(id => !chosen.has(id))
  }
  const bridged = bridgeFolded(revisions, chosen)
  const own = new Map(revisions.map(({ id, parents }) => [id, parents]))
  const bridges = bridged.flatMap(({ id, parents }) =>
    parents.filter(parent => !own.get(id)?.includes(parent)).map(parent => `${id}>${parent}`),
  )
  return { revisions: bridged, folded: revisions.length - chosen.size, bridges: new Set(bridges) }
}

function listNeighbours(revisions: readonly Revision[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>(revisions.map(revision => [revision.id, []]))
  for (const { id, parents } of revisions) {
    for (const parent of parents) {
      neighbours.get(id)?.push(parent)
      neighbours.get(parent)?.push(id)
    }
  }
  return neighbours
}

/** What is left builds on the nearest drawn one below it, so that no line ends in nothing. */
function bridgeFolded(revisions: readonly Revision[], chosen: ReadonlySet<string>): readonly Revision[] {
  const nearest = new Map<string, readonly string[]>()
  // Parents first, so that each has its answer when it is asked for.
  for (const revision of orderNewestFirst(revisions).toReversed()) {
    const below = revision.parents.flatMap(parent =>
      chosen.has(parent) ? [parent] : (nearest.get(parent) ?? []),
    )
    nearest.set(revision.id, [...new Set(below)])
  }
  return revisions
    .filter(revision => chosen.has(revision.id))
    .map(revision => ({ ...revision, parents: nearest.get(revision.id) ?? [] }))
}
