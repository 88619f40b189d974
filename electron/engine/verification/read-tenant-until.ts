import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { parseGid } from '../../naming/gid.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import type { IdleDeadline } from '../context/with-idle-deadline.ts'

/** What a tenant is found to be; null for what did not answer. */
export interface FoundTenantState {
  readonly fingerprint: string | null
  readonly heads: readonly string[] | null
  /** Whether a vote of the run is still prepared there: invisible to other sessions, and able to commit. */
  readonly open: boolean | null
  /** What was answered last by what did not tell anything in time. */
  readonly problem: string | null
}

/** Reads a tenant, again and again until the deadline. */
export async function readTenantUntil(
  { runId, ports, topology }: Pick<ExecutionContext, 'runId' | 'ports' | 'topology'>,
  name: string,
  idleDeadline: IdleDeadline,
): Promise<FoundTenantState> {
  const tenant = findTenant(topology, name)
  const server = primaryOf(topology, tenant)
  const { signal } = idleDeadline
  const problems: string[] = []
  const ask = async <T>(what: string, question: () => Promise<T>): Promise<T | null> => {
    let problem = 'no answer'
    while (!signal.aborted) {
      try {
        const answer = await question()
        idleDeadline.renew()
        return answer
      } catch (error) {
        // The server may be restarting: it is asked again until the deadline.
        if (!signal.aborted) problem = describeFailure(toFailure(error)).what
        await ports.clock.sleep(300, signal)
      }
    }
    problems.push(`${what}: ${problem}`)
    return null
  }
  const [fingerprint, heads, prepared] = await Promise.all([
    ask('the schema', () => ports.servers.fingerprint(server, tenant, signal)),
    ask('the version table', () => ports.source.readHeads(tenant, signal)),
    ask('prepared transactions', () => ports.prepared.list(server, signal)),
  ])
  const open =
    prepared?.some(vote => vote.database === tenant.database && isOpenVote(vote.gid, runId, tenant)) ?? null
  const problem = problems.length === 0 ? null : problems.join('; ')
  return { fingerprint: fingerprint?.hash ?? null, heads, open, problem }
}

/** Of schemas of one database each has its own vote; a name that was cut may belong to any tenant. */
function isOpenVote(gid: string, runId: string, { name, schema }: Tenant): boolean {
  const vote = parseGid(gid)
  if (vote?.runId !== runId) return false
  return schema === undefined || vote.tenant === name || vote.tenant.includes('~')
}
