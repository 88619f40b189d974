import type { Revision } from '../../../../shared/plan/migration-graph.ts'

/** Questions about who comes before whom in a revision tree. */
export interface Ancestry {
  /** Says whether all of these are revisions of the tree, and not labels or relative names. */
  knows(names: readonly string[]): boolean
  /** These revisions and everything before them. */
  withAncestors(revisions: readonly string[]): ReadonlySet<string>
  /** True when the revision comes after one of the targets and none of them includes it. */
  isAhead(revision: string, target: readonly string[]): boolean
}

/** Prepares a revision tree for questions; circles and missing parents do no harm. */
export function createAncestry(revisions: readonly Revision[]): Ancestry {
  const before = new Map(revisions.map(revision => [revision.id, parentsOf(revision)]))
  const knows = (names: readonly string[]): boolean => names.every(name => before.has(name))
  const withAncestors = (from: readonly string[]): ReadonlySet<string> => {
    const found = new Set<string>()
    const open = [...from]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue
      found.add(next)
      open.push(...(before.get(next) ?? []))
    }
    return found
  }
  return {
    knows,
    withAncestors,
    isAhead(revision, target) {
      if (!knows(target) || withAncestors(target).has(revision)) return false
      const mine = withAncestors([revision])
      return target.some(name => mine.has(name))
    },
  }
}

/** A circle of revisions, each followed by one that it comes after; empty when there is none. */
export function findCycle(revisions: readonly Revision[]): readonly string[] {
  const stuck = keepUnorderable(revisions)
  const path: string[] = []
  let next = stuck.keys().next().value
  while (next !== undefined && !path.includes(next)) {
    path.push(next)
    next = stuck.get(next)?.find(parent => stuck.has(parent))
  }
  return next === undefined ? [] : path.slice(path.indexOf(next))
}

/** Parents that no revision of the tree is. */
export function findMissingParents(
  revisions: readonly Revision[],
): readonly { readonly revision: string; readonly parent: string }[] {
  const known = new Set(revisions.map(revision => revision.id))
  return revisions.flatMap(revision =>
    revision.parents.filter(parent => !known.has(parent)).map(parent => ({ revision: revision.id, parent })),
  )
}

/** Takes away every revision whose parents are all taken away; what stays is on a circle or after one. */
function keepUnorderable(revisions: readonly Revision[]): ReadonlyMap<string, readonly string[]> {
  const left = new Map(revisions.map(revision => [revision.id, parentsOf(revision)]))
  const children = new Map<string, string[]>()
  const waitingFor = new Map<string, number>()
  for (const [id, parents] of left) {
    const real = parents.filter(parent => left.has(parent))
    waitingFor.set(id, real.length)
    for (const parent of real) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const free = [...left.keys()].filter(id => waitingFor.get(id) === 0)
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id)
    for (const child of children.get(id) ?? []) {
      const waits = (waitingFor.get(child) ?? 0) - 1
      waitingFor.set(child, waits)
      if (waits === 0) free.push(child)
    }
  }
  return left
}

function parentsOf(revision: Revision): readonly string[] {
  return [...new Set([...revision.parents, ...revision.dependsOn])]
}
