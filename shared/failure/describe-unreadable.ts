import { countOf, listNames } from '../text/plain-words.ts'
import type { Failure } from './failure.ts'
import type { FailureWords } from './failure-words.ts'

interface Unreadable {
  readonly tenant: string
  readonly failure: Failure
}

type Describe = (failure: Failure) => FailureWords

const shown = 3

/** Puts into words that some tenants cannot be read: each with its reason, and the way out of the first one. */
export function describeUnreadable(
  { tenants }: Extract<Failure, { kind: 'tenants_unreadable' }>,
  describe: Describe,
): FailureWords {
  const names = tenants.map(one => one.tenant)
  const reasons = tenants.slice(0, shown).map(one => explainUnreadable(one, describe))
  const more = tenants.length > shown ? ` And ${tenants.length - shown} more.` : ''
  const [first] = tenants
  const fix = first ? mendUnreadable(first, describe) : ''
  return {
    what: `${countOf(tenants.length, 'tenant')} cannot be read: ${listNames(names)}.`,
    where: '',
    why: `${reasons.join(' ')}${more}`,
    fix: `${fix === '' ? 'Fix' : `${fix} Or fix`} what is in the way, or leave ${tenants.length === 1 ? 'it' : 'them'} out: tenants.exclude in lockstep.yml, or --tenants.`,
  }
}

/** Why one tenant cannot be read, such as `t_c: Database t_c is invalid. ...`. */
export function explainUnreadable({ tenant, failure }: Unreadable, describe: Describe): string {
  const { what, why } = describe(failure)
  return `${tenant}: ${[what, why].filter(text => text !== '').join(' ')}`
}

/** The way out for one tenant; empty where only the reason is known. */
export function mendUnreadable({ failure }: Pick<Unreadable, 'failure'>, describe: Describe): string {
  const own = failure.kind === 'database_error' ? mendSqlState(failure.sqlstate) : ''
  return own === '' ? describe(failure).fix : own
}

function mendSqlState(sqlstate: string): string {
  switch (sqlstate) {
    case '42501':
      return 'Grant what is missing to the user of its server in lockstep.yml.'
    default:
      return ''
  }
}
