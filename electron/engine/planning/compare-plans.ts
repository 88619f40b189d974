import type { Plan, PlannedTenant } from '../../../shared/plan/plan.ts'
import { sameHeads } from '../routes/same-heads.ts'

/** What moved between the plan that was approved and the one that would run, in words, at most twenty. */
export function comparePlans(approved: Plan, actual: Plan): readonly string[] {
  const moved: string[] = []
  if (approved.target.join() !== actual.target.join()) {
    moved.push(`the target moved from ${approved.target.join(', ')} to ${actual.target.join(', ')}`)
  }
  if (approved.gatesHash !== actual.gatesHash)
    moved.push('the configuration of gates, smoke tests or execution changed')
  if (approved.vote !== actual.vote) moved.push(`the vote was per ${approved.vote} and is per ${actual.vote}`)
  moved.push(
    ...compareGroups(approved, actual),
    ...compareTenants(approved, actual),
    ...compareSteps(approved, actual),
  )
  return moved.length > 0 ? moved.slice(0, 20) : ['a detail of the plan changed']
}

function compareGroups(approved: Plan, actual: Plan): readonly string[] {
  const before = approved.groups.map(group => `${group.name}:${group.mode}:${group.parallel}`)
  const after = actual.groups.map(group => `${group.name}:${group.mode}:${group.parallel}`)
  return before.join() === after.join()
    ? []
    : [`groups were ${before.join(', ')} and are ${after.join(', ')}`]
}

function compareTenants(approved: Plan, actual: Plan): readonly string[] {
  const before = tenantsOf(approved)
  const after = tenantsOf(actual)
  const gone = [...before.keys()].filter(name => !after.has(name)).map(name => `tenant ${name} is gone`)
  const changed = [...after].flatMap(([name, tenant]) => {
    const old = before.get(name)
    if (!old) return [`tenant ${name} is new`]
    if (old.group !== tenant.group) return [`tenant ${name} moved from group ${old.group} to ${tenant.group}`]
    if (!sameHeads(old.from, tenant.from))
      return [`tenant ${name} moved from ${nameHeads(old.from)} to ${nameHeads(tenant.from)}`]
    return old.fingerprint === tenant.fingerprint ? [] : [`the schema of tenant ${name} changed`]
  })
  return [...gone, ...changed]
}

function nameHeads(heads: readonly string[]): string {
  return heads.join('+') || 'no revision'
}

function compareSteps(approved: Plan, actual: Plan): readonly string[] {
  const before = stepsOf(approved)
  const after = stepsOf(actual)
  const changed = [...after]
    .filter(([key, text]) => before.has(key) && before.get(key) !== text)
    .map(([key]) => `revision ${key} was edited`)
  const added = [...after.keys()]
    .filter(key => !before.has(key))
    .map(key => `revision ${key} is new in the plan`)
  const gone = [...before.keys()]
    .filter(key => !after.has(key))
    .map(key => `revision ${key} is no longer in the plan`)
  return [...changed, ...added, ...gone]
}

type Member = PlannedTenant & { readonly group: string }

function tenantsOf(plan: Plan): ReadonlyMap<string, Member> {
  return new Map(
    plan.groups.flatMap(group =>
      group.tenants.map(tenant => [tenant.tenant, { ...tenant, group: group.name }] as const),
    ),
  )
}

function stepsOf(plan: Plan): ReadonlyMap<string, string> {
  return new Map(
    plan.routes.flatMap(route => route.steps.map(step => [step.revision, step.checksum] as const)),
  )
}
