import type { Failure } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { PlannedTenant } from '../../shared/plan.ts'
import type { Tenant } from '../../shared/topology.ts'
import { type ExecutionContext, findTenant, primaryOf } from './run-context.ts'
import { sameHeads } from './same-heads.ts'

type ProofContext = Pick<
  ExecutionContext,
  'runId' | 'ports' | 'recorder' | 'clock' | 'topology' | 'snapshots' | 'config'
>

/** What a tenant is found to be. */
interface Finding {
  readonly fingerprint: string
  readonly heads: readonly string[]
  /** Whether a vote of the run is still prepared there: invisible to everybody, and able to commit. */
  readonly open: boolean
}

/** Compares tenants with what they were before the run; null when each one is proven to be as it was. */
export async function proveRollback(
  context: ProofContext,
  tenants: readonly Pick<PlannedTenant, 'tenant'>[],
): Promise<Failure | null> {
  const deadline = AbortSignal.timeout(context.config.execution.settleSeconds * 1_000)
  const unproven = await mapConcurrently(tenants, 4, async ({ tenant }) => {
    const before = context.snapshots.get(tenant)
    if (!before) return []
    const found = await readUntil(context, tenant, deadline)
    const equal =
      found !== null &&
      !found.open &&
      found.fingerprint === before.fingerprint &&
      sameHeads(found.heads, before.heads)
    const event = { tenant, equal, before: before.fingerprint, found: found?.fingerprint ?? 'unreadable' }
    await context.recorder.tryRecord({ type: 'rollback.proven', ...event })
    return equal ? [] : [tenant]
  })
  const names = unproven.flat()
  if (names.length === 0) return null
  return {
    kind: 'rollback_unproven',
    tenants: names,
    reason:
      'the schema or the version table is not what it was, a vote is still open, or it could not be read',
  }
}

async function readUntil(
  { runId, ports, clock, topology }: ProofContext,
  name: string,
  deadline: AbortSignal,
): Promise<Finding | null> {
  const tenant = findTenant(topology, name)
  const server = primaryOf(topology, tenant)
  while (!deadline.aborted) {
    try {
      const [fingerprint, heads, prepared] = await Promise.all([
        ports.servers.fingerprint(server, tenant, deadline),
        ports.source.readHeads(tenant, deadline),
        ports.prepared.list(server, deadline),
      ])
      const open = prepared.some(
        vote => vote.database === tenant.database && isOpenVote(vote.gid, runId, tenant),
      )
      return { fingerprint: fingerprint.hash, heads, open }
    } catch {
      // The server may be restarting: it is asked again until the deadline.
      await clock.sleep(300, deadline)
    }
  }
  return null
}

/** Of schemas of one database each has its own vote; a name that was cut may be anybody's. */
function isOpenVote(gid: string, runId: string, { name, schema }: Tenant): boolean {
  const vote = parseGid(gid)
  if (vote?.runId !== runId) return false
  return schema === undefined || vote.tenant === name || vote.tenant.includes('~')
}
