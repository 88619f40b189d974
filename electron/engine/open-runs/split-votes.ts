import type { Topology } from '../../../shared/topology/topology.ts'
import type { StoredRun } from '../ports/run-log.ts'
import type { UnsettledVote } from './list-open-votes.ts'

/** A run whose votes are on the servers of a project, in databases that hold none of its tenants. */
export interface OtherRun {
  readonly runId: string
  /** Null where its log is not here. */
  readonly project: string | null
  readonly votes: readonly Omit<UnsettledVote, 'runId'>[]
}

/** What tells whose a vote is. */
export interface VoteFacts {
  readonly project: string
  readonly runs: readonly Pick<StoredRun, 'runId' | 'project'>[]
  /** Whether a tenant of the project is in the database of a vote, or may be. */
  readonly holdsTenant: (vote: UnsettledVote) => boolean
}

type KnownTenants = Pick<Topology, 'tenants' | 'unreadable' | 'passedOver'> & {
  readonly clusters: readonly { readonly name: string; readonly primary: { readonly server: string } }[]
}

/**
 * Tells the votes that are in the way of a project from those of other projects on the same servers.
 *
 * A vote locks rows and tables of its own database alone. So one in a database of a tenant is in the way, whosever it is, and
 * with it everything else of its run; elsewhere only those of the project's own runs are.
 */
export function splitVotes(
  votes: readonly UnsettledVote[],
  facts: VoteFacts,
): { readonly inTheWay: readonly UnsettledVote[]; readonly others: readonly OtherRun[] } {
  const projects = new Map(facts.runs.map(run => [run.runId, run.project]))
  const near = new Set(votes.filter(facts.holdsTenant).map(vote => vote.runId))
  const isInTheWay = ({ runId }: UnsettledVote): boolean => {
    if (near.has(runId)) return true
    const project = projects.get(runId)
    // Whose a log is whose first line is damaged, is not known.
    return project !== undefined && (project === null || project === facts.project)
  }
  const rest = votes.filter(vote => !isInTheWay(vote))
  return {
    inTheWay: votes.filter(isInTheWay),
    others: [...new Set(rest.map(vote => vote.runId))].map(runId => ({
      runId,
      project: projects.get(runId) ?? null,
      votes: rest
        .filter(vote => vote.runId === runId)
        .map(({ gid, server, database, owner }) => ({ gid, server, database, owner })),
    })),
  }
}

/** Whether a tenant of the project is in a database, or may be, as it could not be read. */
export function holdsTenant(
  { server, database }: Pick<UnsettledVote, 'server' | 'database'>,
  { clusters, tenants, unreadable = [], passedOver = [] }: KnownTenants,
): boolean {
  const cluster = clusters.find(one => one.primary.server === server)?.name
  return (
    tenants.some(one => one.cluster === cluster && one.database === database) ||
    // A database that cannot be read is called by its own name.
    unreadable.some(one => one.cluster === cluster && one.tenant === database) ||
    passedOver.some(one => one.server === server && one.name === database)
  )
}
