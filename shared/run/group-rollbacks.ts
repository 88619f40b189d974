import { listNames } from '../text/plain-words.ts'
import type { TenantRollback } from './rollback.ts'

/** Tenants that are rolled back in the same way, rest on the same evidence and lose the same. */
export interface RollbackGroup {
  readonly tenants: readonly string[]
  /** The first of them; what is said of it holds for all. */
  readonly one: TenantRollback
}

/** Puts equal fates together, in the order of their first tenants: a fleet of thousands has few. */
export function groupRollbacks(tenants: readonly TenantRollback[]): readonly RollbackGroup[] {
  const groups = new Map<string, { readonly tenants: string[]; readonly one: TenantRollback }>()
  for (const one of tenants) {
    const { way, from, to, evidence, losses, rowsLost, refusal } = one
    const key = JSON.stringify([way, from.heads, to.heads, evidence, losses, rowsLost, refusal])
    const group = groups.get(key)
    if (group) group.tenants.push(one.tenant)
    else groups.set(key, { tenants: [one.tenant], one })
  }
  return [...groups.values()]
}

/** What would be lost, a line for each kind of loss: who loses it, then what; empty when nothing is. */
export function listLosses(tenants: readonly TenantRollback[]): readonly string[] {
  return listOnce(tenants, one => one.losses)
}

/** Why tenants cannot be rolled back, a line for each reason: whom it holds, then the reason. */
export function listRefusals(tenants: readonly TenantRollback[]): readonly string[] {
  return listOnce(tenants, one => (one.refusal === null ? [] : [one.refusal]))
}

function listOnce(
  tenants: readonly TenantRollback[],
  read: (one: TenantRollback) => readonly string[],
): readonly string[] {
  const names = new Map<string, string[]>()
  for (const one of tenants)
    for (const fact of read(one)) names.set(fact, [...(names.get(fact) ?? []), one.tenant])
  return [...names].map(([fact, those]) => `${listNames(those)}${those.length > 1 ? ', each' : ''}: ${fact}`)
}
