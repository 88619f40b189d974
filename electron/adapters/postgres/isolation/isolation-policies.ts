import type { IsolationLeak, SharedTables } from '../../../engine/ports/gate-facts.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { JudgedPolicy } from './judged-policy.ts'
import type { CovertChannel, SharedTableFacts } from './queries/isolation-policies.ts'

/** The role that works for every tenant of shared tables, and the tenant's name for the answer. */
export interface SharedRole {
  readonly role: string
  readonly ofTenant: string
}

const commands = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const

/** Leaks of one table that a role may use: of its switches, its owner, its privileges and its policies. */
export function judgeSharedTable(
  facts: SharedTableFacts,
  policies: readonly JudgedPolicy[],
  shared: SharedTables,
  whose: SharedRole,
  currentUser: string,
): readonly IsolationLeak[] {
  const { table } = facts
  const role = quoteIdentifier(whose.role)
  const leak = (grant: string, fix: string, object = table): IsolationLeak => ({
    ...whose,
    reaches: `rows of every tenant in ${table}`,
    grant,
    fix,
    object,
  })
  if (shared.isLookup(facts.name)) {
    const writing = facts.privileges.filter(privilege => privilege !== 'SELECT')
    if (writing.length === 0) return []
    return [
      {
        ...leak(
          `every tenant reads it, and ${writing.join(', ')} is granted`,
          `revoke ${writing.join(', ').toLowerCase()} on ${table} from public, ${role};`,
        ),
        reaches: `what every tenant reads in ${table}`,
      },
    ]
  }
  if (!shared.isJudged(facts.name)) return []
  const beside = facts.privileges.filter(privilege => privilege === 'TRUNCATE' || privilege === 'TRIGGER')
  return [
    ...judgeSwitches(facts, shared.column, leak),
    ...(facts.owned
      ? [
          leak(
            `it ${facts.owner === whose.role ? 'owns it' : `can become its owner ${facts.owner}`}, and can switch its policies off`,
            facts.owner === whose.role
              ? `alter table ${table} owner to ${quoteIdentifier(currentUser)};`
              : `revoke ${quoteIdentifier(facts.owner)} from ${role};`,
          ),
        ]
      : []),
    ...(beside.length > 0 && !facts.owned
      ? [
          leak(
            `${beside.join(', ')} is granted, and no policy holds for that`,
            `revoke ${beside.join(', ').toLowerCase()} on ${table} from public, ${role};`,
          ),
        ]
      : []),
    ...(facts.rowSecurity ? judgePolicies(facts, policies, shared, leak) : []),
  ]
}

type MakeLeak = (grant: string, fix: string, object?: string) => IsolationLeak

function judgeSwitches(facts: SharedTableFacts, column: string, leak: MakeLeak): readonly IsolationLeak[] {
  const { table, kind, partOf } = facts
  if (kind === 'f')
    return facts.columnType === null
      ? []
      : [
          leak(
            'it is a foreign table, and a foreign table can have no policies',
            `drop foreign table ${table};`,
          ),
        ]
  if (!facts.rowSecurity) {
    const what =
      facts.columnType === null
        ? `it has neither a column ${column} nor row-level security`
        : `row-level security is not switched on${partOf === null ? '' : `; that of ${partOf} does not hold for its parts`}`
    return [
      leak(
        what,
        `alter table ${table} enable row level security; alter table ${table} force row level security;`,
      ),
    ]
  }
  if (facts.forced) return []
  return [
    leak(
      `row-level security is not forced: its owner ${facts.owner} sees every row, and so do views and functions of ${facts.owner}`,
      `alter table ${table} force row level security;`,
    ),
  ]
}

function judgePolicies(
  { table, oid, privileges }: SharedTableFacts,
  policies: readonly JudgedPolicy[],
  { column, setting }: SharedTables,
  leak: MakeLeak,
): readonly IsolationLeak[] {
  const mine = policies.filter(policy => policy.oid === oid)
  const found = commands
    .filter(command => privileges.includes(command))
    .flatMap((command): readonly IsolationLeak[] => {
      const holding = mine.filter(policy => policy.command === command || policy.command === 'ALL')
      const sides =
        command === 'UPDATE'
          ? (['using', 'check'] as const)
          : command === 'INSERT'
            ? (['check'] as const)
            : (['using'] as const)
      if (!holding.some(policy => policy.permissive))
        return [
          {
            ...leak(`no policy lets it ${command}, so it always finds nothing`, ''),
            reaches: `nothing of ${table}`,
            weight: 'note',
          },
        ]
      return sides.flatMap(side => {
        const held = holding.some(policy => {
          const scope = scopeOf(policy, side)
          return !policy.permissive && scope !== null && !isOpen(scope)
        })
        if (held) return []
        return holding
          .filter(policy => policy.permissive && isOpen(scopeOf(policy, side)))
          .map(policy => {
            const word = side === 'using' ? 'USING' : 'WITH CHECK'
            const does = describeOpening(scopeOf(policy, side), side)
            const ours = `${quoteIdentifier(column)}::text = current_setting('${setting}', true)`
            return leak(
              `policy ${policy.policy} ${does}: ${word} (${expressionOf(policy, side)})`,
              `alter policy ${policy.policy} on ${table} ${word.toLowerCase()} (${ours});`,
              `${table}.${policy.policy}`,
            )
          })
      })
    })
  return [...new Map(found.map(one => [`${one.grant} ${one.fix}`, one])).values()]
}

/** Without a check of its own, a policy checks what is written by what it lets be read. */
function expressionOf(policy: JudgedPolicy, side: 'using' | 'check'): string | null {
  return side === 'check' ? (policy.check ?? policy.using) : policy.using
}

/** Without a check of its own, a policy checks what is written by what it lets be read. */
function scopeOf({ scope }: JudgedPolicy, side: 'using' | 'check'): JudgedPolicy['scope']['using'] {
  return side === 'check' ? (scope.check ?? scope.using) : scope.using
}

/** Whether a condition tells no tenants apart. A policy without one lets nothing through, and narrows nothing. */
function isOpen(scope: JudgedPolicy['scope']['using']): boolean {
  return scope === 'always' || scope === 'blind' || scope === 'unread'
}

function describeOpening(scope: JudgedPolicy['scope']['using'], side: 'using' | 'check'): string {
  if (scope === 'unread') return 'cannot be judged'
  if (scope === 'blind') return 'does not tell tenants apart'
  return side === 'using' ? 'lets every row through' : 'lets rows of every tenant be written'
}

/** What lets a tenant guess that a row of another exists. */
export function describeChannels(
  channels: readonly CovertChannel[],
  tables: readonly SharedTableFacts[],
  whose: SharedRole,
  column: string,
): readonly IsolationLeak[] {
  return channels.flatMap(({ oid, kind, label, columns }) => {
    const table = tables.find(candidate => candidate.oid === oid)?.table
    if (table === undefined) return []
    return [
      {
        ...whose,
        reaches: `whether a row of another tenant exists in ${table}`,
        grant:
          kind === 'unique'
            ? `${label} is unique over (${columns}) without ${column}`
            : `foreign key ${label} (${columns}) leaves ${column} out`,
        fix: '',
        object: label,
        weight: 'note' as const,
      },
    ]
  })
}
