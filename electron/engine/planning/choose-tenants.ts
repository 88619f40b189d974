import type { Quarantine } from '../../../shared/analysis/schema-class.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PlanNote } from '../../../shared/plan/plan.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { PassedOver, Tenant, Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { noteQuarantine, resolveQuarantine } from '../drift/quarantine.ts'
import { matchNames } from '../topology/match-names.ts'

/** Whose way is planned, and what is to be said about the others. */
export interface ChosenTenants {
  readonly tenants: readonly Tenant[]
  readonly notes: readonly PlanNote[]
  /** Those among them that cannot be read. */
  readonly unreadable: readonly UnreadableTenant[]
}

/** The tenants that were asked for, or all; those in quarantine are left out, and refused where they are asked for. */
export function chooseTenants({
  config,
  topology,
  tenants: asked,
}: {
  readonly config: Pick<ProjectConfig, 'drift'>
  readonly topology: Pick<Topology, 'tenants' | 'unreadable' | 'passedOver'>
  /** Names or globs; empty means all. */
  readonly tenants: readonly string[]
}): ChosenTenants {
  const { unreadable: found = [], passedOver = [] } = topology
  const { shut, others } = splitAsked(passedOver, topology, asked)
  const unreadable = [...found, ...shut]
  const names = [...topology.tenants.map(tenant => tenant.name), ...unreadable.map(one => one.tenant)]
  const { quarantine } = config.drift
  const left = resolveQuarantine(names, quarantine)
  for (const pattern of asked) refusePattern(pattern, names, left)
  const chosen = new Set(asked.length === 0 ? names : matchNames(names, asked))
  for (const { tenant } of left) chosen.delete(tenant)
  return {
    tenants: topology.tenants.filter(tenant => chosen.has(tenant.name)),
    notes: [...noteQuarantine(names, quarantine), ...others.map(notePassedOver)],
    unreadable: unreadable.filter(one => chosen.has(one.tenant)),
  }
}

/** A request for a closed database by its name, or for nothing else, means a tenant: leaving it out would be no answer. */
function splitAsked(
  passedOver: readonly PassedOver[],
  { tenants, unreadable = [] }: Pick<Topology, 'tenants' | 'unreadable'>,
  asked: readonly string[],
): { readonly shut: readonly UnreadableTenant[]; readonly others: readonly PassedOver[] } {
  const names = [...tenants.map(one => one.name), ...unreadable.map(one => one.tenant)]
  const meant = asked.filter(pattern => matchNames(names, pattern).length === 0)
  const isMeant = ({ name }: PassedOver): boolean => matchNames([name], meant).length > 0
  const isAsked = ({ name }: PassedOver): boolean =>
    asked.length === 0 || matchNames([name], asked).length > 0
  return {
    shut: passedOver.filter(isMeant).map(({ name, why, cluster, server }) => ({
      tenant: name,
      cluster,
      failure: { kind: 'database_closed', server, database: name, why },
    })),
    others: passedOver.filter(one => isAsked(one) && !isMeant(one)),
  }
}

function notePassedOver({ name, why }: PassedOver): PlanNote {
  const reason = why === 'template' ? 'is a template' : 'takes no connections (allow_connections is false)'
  return {
    kind: 'passed_over',
    ...(why === 'closed' ? { closed: name } : {}),
    text: `database ${name} matches tenants.databases, ${reason}, and is passed over; name it in tenants.exclude, or open it`,
  }
}

/** A pattern that matches others too only leaves its tenants in quarantine out. */
function refusePattern(pattern: string, names: readonly string[], left: readonly Quarantine[]): void {
  const matched = matchNames(names, pattern)
  if (matched.length === 0) throw new LockstepError({ kind: 'tenant_unknown', tenant: pattern, known: names })
  const quarantined = left.filter(one => matched.includes(one.tenant))
  if (quarantined.length < matched.length) return
  const reasons = [...new Set(quarantined.map(one => one.reason))]
  const many = quarantined.length > 1
  throw new LockstepError({
    kind: 'usage',
    problem: `${many ? 'tenants' : 'tenant'} ${listNames(matched)} ${many ? 'are' : 'is'} in quarantine: ${listNames(reasons)}`,
    fix: `take ${many ? 'them' : 'it'} out of drift.quarantine in lockstep.yml, or out of --tenants`,
  })
}
