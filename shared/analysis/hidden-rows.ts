import { quoteName } from '../sql/quote-name.ts'
import { listNames } from '../text/plain-words.ts'

/** Tables of foreign keys whose rows policies hide from the login: nothing can be counted in them. */
export interface HiddenRows {
  readonly role: string
  readonly tables: readonly string[]
}

/** The same for tenants that look alike. */
export interface HiddenForeignKeys extends HiddenRows {
  readonly tenants: readonly string[]
}

/** What hides the rows, and what a count would need. */
export function describeHiddenRows({ role, tables }: HiddenRows): {
  readonly fact: string
  readonly remedy: string
} {
  return {
    fact: `row-level security holds for ${role} on ${listNames(tables)}, so rows without a parent cannot be counted there`,
    remedy: `As a superuser: alter role ${quoteName(role)} bypassrls; (its views and functions then see every row, too), or migrate as another role that has it, or go without this count, in lockstep.yml: waivers: [{ gate: foreign_keys, reason: ... }].`,
  }
}
