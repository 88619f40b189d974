import { compareNames } from '../../shared/text/compare-names.ts'
/** Databases of a primary that look like tenants, and the patterns that match them. */
export interface TenantSuggestion {
  readonly patterns: readonly string[]
  readonly databases: readonly string[]
}

/**
 * Guesses which databases are tenants: the largest family of names with a common beginning, such as `tenant_ash`
 * and `tenant_birch`; without a family, every database but the maintenance one and the service's own.
 */
export function suggestTenants(
  databases: readonly string[],
  initialDatabase: string | null,
): TenantSuggestion {
  const candidates = databases.filter(name => name !== 'postgres').sort(compareNames)
  const [family] = listFamilies(candidates)
  if (family && family.members.length >= 2) {
    return { patterns: [`${family.beginning}*`], databases: family.members }
  }
  const others = candidates.filter(name => name !== initialDatabase)
  const chosen = others.length > 0 ? others : candidates
  return { patterns: chosen, databases: chosen }
}

interface Family {
  readonly beginning: string
  readonly members: readonly string[]
}

/** The largest first; of equal ones the longer beginning says more. */
function listFamilies(names: readonly string[]): readonly Family[] {
  const beginnings = new Set(names.flatMap(listBeginnings))
  return [...beginnings]
    .map(beginning => ({ beginning, members: names.filter(name => name.startsWith(beginning)) }))
    .sort(
      (one, other) =>
        other.members.length - one.members.length || other.beginning.length - one.beginning.length,
    )
}

/** `eu_` and `eu_shop_` of `eu_shop_1`. */
function listBeginnings(name: string): readonly string[] {
  return [...name.matchAll(/(?<=.)[_-](?=.)/g)].map(({ index }) => name.slice(0, index + 1))
}
