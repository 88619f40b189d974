import type { RollbackProposal, TenantRollback } from '../../../shared/run/rollback.ts'

/** What moved between the rollback that was approved and the one that would happen, in words, at most twenty. */
export function compareProposals(
  approved: RollbackProposal | null,
  actual: RollbackProposal,
): readonly string[] {
  if (!approved) return ['the approved rollback is not kept here, so what moved cannot be said']
  const before = new Map(approved.tenants.map(one => [one.tenant, one]))
  const after = new Map(actual.tenants.map(one => [one.tenant, one]))
  const moved = [
    ...[...before.keys()].filter(name => !after.has(name)).map(name => `tenant ${name} is gone`),
    ...[...after.values()].flatMap(one => compareTenant(before.get(one.tenant), one)),
  ]
  return moved.length > 0 ? moved.slice(0, 20) : ['the revisions or the configuration changed']
}

function compareTenant(before: TenantRollback | undefined, now: TenantRollback): readonly string[] {
  const name = `tenant ${now.tenant}`
  if (!before) return [`${name} is new`]
  if (before.refusal !== now.refusal) return [`${name}: ${now.refusal ?? 'it can be rolled back now'}`]
  if (before.way !== now.way) return [`${name} would be rolled back by ${now.way}, not by ${before.way}`]
  if (before.losses.join() === now.losses.join()) return []
  return [
    `${name} would lose ${now.losses.join(', ') || 'nothing'}, not ${before.losses.join(', ') || 'nothing'}`,
  ]
}
