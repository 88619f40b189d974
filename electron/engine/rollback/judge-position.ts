import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { formatHeads } from '../../../shared/text/plain-words.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { findTenant, primaryOf } from '../context/run-context.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { matchNames } from '../topology/match-names.ts'
import type { LaterRuns } from './find-later-runs.ts'
import type { UndoneRun, UndoneTenant } from './read-undone-run.ts'

/** The tenants of a run that are to be rolled back; throws `tenant_unknown` for a name that the run did not move. */
export function chooseTenantsToRollBack(
  run: UndoneRun,
  patterns: readonly string[],
  later: LaterRuns,
): readonly UndoneTenant[] {
  // Without names, what is back already is left as it is.
  if (patterns.length === 0) return run.tenants.filter(one => !later.undone.has(one.planned.tenant))
  const names = run.tenants.map(one => one.planned.tenant)
  for (const pattern of patterns) {
    if (matchNames(names, pattern).length === 0)
      throw new LockstepError({ kind: 'tenant_unknown', tenant: pattern, known: names })
  }
  const chosen = new Set(matchNames(names, patterns))
  return run.tenants.filter(one => chosen.has(one.planned.tenant))
}

/** Says why a tenant does not stand exactly where the run left it, or null. */
export async function judgePosition(
  { planned, after }: UndoneTenant,
  later: LaterRuns,
  {
    topology,
    ports,
  }: { readonly topology: Topology; readonly ports: Pick<EnginePorts, 'servers' | 'source'> },
  signal: AbortSignal,
): Promise<string | null> {
  const undoneBy = later.undone.get(planned.tenant)
  if (undoneBy) return `it is rolled back already, by run ${undoneBy}`
  const movedBy = later.movedBy.get(planned.tenant)
  if (movedBy) return `run ${movedBy} has moved it since: roll that one back first`
  const unreadable = topology.unreadable?.find(one => one.tenant === planned.tenant)
  if (unreadable) return `it cannot be read: ${describeFailure(unreadable.failure).what}`
  if (!topology.tenants.some(one => one.name === planned.tenant)) return 'it is not there any more'
  const tenant = findTenant(topology, planned.tenant)
  const [heads, fingerprint] = await Promise.all([
    ports.source.readHeads(tenant, signal),
    ports.servers.fingerprint(primaryOf(topology, tenant), tenant, signal),
  ])
  if (!sameHeads(heads, after.heads))
    return `it is at ${formatHeads(heads)}, and the run left it at ${formatHeads(after.heads)}`
  if (fingerprint.hash === after.fingerprint) return null
  return `its schema has changed since: fingerprint ${fingerprint.hash.slice(0, 12)}, and the run left ${after.fingerprint.slice(0, 12)}`
}
