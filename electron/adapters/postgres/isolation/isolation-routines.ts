import type { IsolationLeak } from '../../../engine/ports/gate-facts.ts'
import type { RoutineFacts } from './queries/isolation-routines.ts'

/** The tenant that each role belongs to, and the statement's ending that says where to run it. */
export interface CallersOf {
  readonly tenantOf: ReadonlyMap<string, string>
  readonly place: string
}

/** Functions that run with the rights of a role above all grants, and can be led to other objects by their callers. */
export function findHijackableRoutines(
  routines: readonly RoutineFacts[],
  { tenantOf, place }: CallersOf,
): readonly IsolationLeak[] {
  return routines.flatMap(({ label, kind, owner, definer, privileged, fixedPath, callers }) => {
    const [role] = callers
    if (!definer || !privileged || fixedPath || role === undefined) return []
    return [
      {
        role,
        ofTenant: tenantOf.get(role) ?? '',
        reaches: `whatever role ${owner} can reach`,
        grant: `${kind} ${label} is SECURITY DEFINER, is owned by ${owner}, and looks up names by the search_path of ${describeCallers(callers)}`,
        fix: `alter ${kind} ${label} set search_path = pg_catalog, pg_temp;${place}`,
        object: label,
      },
    ]
  })
}

/** Who may call a function, where it is more than one role. */
export function describeCallers(callers: readonly string[]): string {
  if (callers.length <= 1) return 'its caller'
  return `its caller (it, and ${callers.length - 1} more)`
}

/** Names that stand before a dot, in quotes of a text, or in a search path: what a body may mean by a schema. */
export function schemasNamedIn(body: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const match of body.matchAll(/("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*\./gu))
    found.add(unquote(match[1] ?? ''))
  for (const match of body.matchAll(/'((?:[^']|'')+)'/g)) found.add((match[1] ?? '').replaceAll("''", "'"))
  for (const match of body.matchAll(/search_path\s*(?:=|to)\s*([^;\n]+)/gi))
    for (const name of splitSearchPath(match[1] ?? '')) found.add(name)
  return found
}

/** The schemas of a search path as PostgreSQL writes it. */
export function splitSearchPath(value: string): readonly string[] {
  return [...value.matchAll(/"((?:[^"]|"")+)"|([^\s,'"]+)/g)].map(match =>
    match[1] === undefined ? (match[2] ?? '').toLowerCase() : match[1].replaceAll('""', '"'),
  )
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}
