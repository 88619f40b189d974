import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { createSqlParser } from '../../adapters/libpg-query/create-sql-parser.ts'
import { primaryServerOf } from '../../adapters/postgres/session/find-server.ts'
import { diffCatalog } from '../../catalog/diff-catalog.ts'
import type { DatabaseCode } from '../../engine/ports/reach-facts.ts'
import { describeReach, examineSteps } from '../../engine/reach/examine-steps.ts'
import { runSteps } from '../../engine/rehearsal/run-steps.ts'
import type { ShadowPlaces } from './opened-shadow.ts'

const limits = { lockTimeoutMs: 5_000, statementTimeoutMs: 120_000 }

/** Brings an empty database to where a tenant stands by the project's own revisions; refuses what does not become the tenant's schema. */
export async function replayRevisions(
  { source, servers, known }: ShadowPlaces,
  original: Tenant,
  copy: { readonly server: string; readonly tenant: Tenant },
  signal: AbortSignal,
): Promise<void> {
  const heads = await source.readHeads(original, signal)
  const steps = heads.length === 0 ? [] : await source.planSteps([], heads, signal)
  await refuseReaching(steps)
  const ended = await runSteps({ source, tenant: copy.tenant, from: [], steps, limits }, signal)
  if (ended !== null) throw new LockstepError(ended)
  const [wanted, made] = await Promise.all([
    servers.fingerprint(primaryServerOf(known.servers, original).name, original, signal),
    servers.fingerprint(copy.server, copy.tenant, signal),
  ])
  if (wanted.hash === made.hash) return
  const differences = listNames(diffCatalog(wanted.items, made.items), 3)
  const problem = `its own revisions do not make the schema that it has (${differences})`
  throw new LockstepError({ kind: 'usage', problem, fix: '' })
}

/** What a revision did to other servers once would be done to them again: a server of our own does not keep that in. */
async function refuseReaching(steps: readonly PlannedStep[]): Promise<void> {
  const { farthest, waysOut } = await examineSteps(steps, noCode, createSqlParser())
  const scope = farthest?.reach.scope
  if (farthest === null || scope === 'server' || (scope === 'unknown' && waysOut.length === 0)) return
  throw new LockstepError({ kind: 'usage', problem: describeReach(farthest), fix: '' })
}

/** An empty database. */
const noCode: DatabaseCode = {
  routines: [],
  triggers: [],
  eventTriggers: [],
  foreignTables: [],
  implicit: [],
  followers: [],
  extensions: [],
}
