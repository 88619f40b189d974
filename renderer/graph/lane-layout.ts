import type { MigrationGraph, Revision } from '../../shared/plan/migration-graph.ts'

/** A revision with its place: its row counted from the newest, and the lane of its line. */
export interface PlacedRevision {
  readonly revision: Revision
  readonly row: number
  readonly lane: number
}

/** A line from a revision down to one that it builds on. */
export interface RevisionEdge {
  readonly from: string
  readonly to: string
  /** `depends`: only ordered by `dependsOn`, and drawn dashed. */
  readonly kind: 'parent' | 'depends'
}

export interface LaneLayout {
  readonly placed: readonly PlacedRevision[]
  readonly edges: readonly RevisionEdge[]
  readonly lanes: number
}

/** Places revisions in rows, newest first, with branches in lanes beside one another. The same graph always gives the same drawing. */
export function layoutLanes(graph: Pick<MigrationGraph, 'revisions'>): LaneLayout {
  const ordered = orderNewestFirst(graph.revisions)
  const known = new Set(ordered.map(revision => revision.id))
  const edges = ordered.flatMap(revision => listEdges(revision, known))
  /** What each lane waits for; null where it is free. */
  const waiting: (string | null)[] = []
  let lanes = 0
  const placed = ordered.map((revision, row) => {
    const lane = takeLane(waiting, revision.id)
    for (const [index, id] of waiting.entries()) if (id === revision.id) waiting[index] = null
    for (const [index, parent] of revision.parents.filter(id => known.has(id)).entries()) {
      if (waiting.includes(parent)) continue
      if (index === 0 && waiting[lane] == null) waiting[lane] = parent
      else waiting[takeLane(waiting, parent)] = parent
    }
    lanes = Math.max(lanes, lane + 1, waiting.length)
    return { revision, row, lane }
  })
  return { placed, edges, lanes }
}

function takeLane(waiting: (string | null)[], id: string): number {
  const held = waiting.indexOf(id)
  if (held >= 0) return held
  const free = waiting.indexOf(null)
  if (free >= 0) return free
  waiting.push(null)
  return waiting.length - 1
}

function listEdges(revision: Revision, known: ReadonlySet<string>): readonly RevisionEdge[] {
  const parents = revision.parents.filter(id => known.has(id))
  const depends = revision.dependsOn.filter(id => known.has(id) && !parents.includes(id))
  return [
    ...parents.map(to => ({ from: revision.id, to, kind: 'parent' as const })),
    ...depends.map(to => ({ from: revision.id, to, kind: 'depends' as const })),
  ]
}

/** Every revision above all that it builds on; a branch stays together as far as that allows. */
export function orderNewestFirst(revisions: readonly Revision[]): readonly Revision[] {
  const byId = new Map(revisions.map(revision => [revision.id, revision]))
  const below = (revision: Revision): readonly string[] =>
    [...new Set([...revision.parents, ...revision.dependsOn])].filter(id => byId.has(id))
  const open = new Map(revisions.map(revision => [revision.id, 0]))
  for (const revision of revisions) {
    for (const id of below(revision)) open.set(id, (open.get(id) ?? 0) + 1)
  }
  const ready = revisions.filter(revision => open.get(revision.id) === 0).toReversed()
  const ordered: Revision[] = []
  const seen = new Set<string>()
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    ordered.push(next)
    seen.add(next.id)
    for (const id of below(next).toReversed()) {
      const left = (open.get(id) ?? 0) - 1
      open.set(id, left)
      const revision = byId.get(id)
      if (left === 0 && revision) ready.push(revision)
    }
  }
  // A circle cannot be ordered; it is shown all the same.
  return [...ordered, ...revisions.filter(revision => !seen.has(revision.id))]
}
