import { quoteIdentifier, quoteLiteral } from '../../../sql/quote-identifier.ts'
import type { ShadowWork } from './shadow-database.ts'
import type { ShadowSource } from './shadow-queries.ts'
import { refuseCreation } from './shadow-template.ts'

/** Makes an empty database that sorts and encodes like its source; it belongs to the role that will make its tables, where that is not the login. */
export async function createEmptyShadow(
  { keeper, source, name }: ShadowWork,
  role: string | null,
): Promise<void> {
  refuseCreation(source)
  const owner = role === null ? '' : `owner ${quoteIdentifier(role)} `
  await keeper.query(
    `create database ${quoteIdentifier(name)} ${owner}template template0 ${describeLocale(source)}`,
  )
}

function describeLocale({ version, encoding, collate, ctype, provider, locale }: ShadowSource): string {
  const parts = [
    `encoding ${quoteLiteral(encoding)}`,
    `lc_collate ${quoteLiteral(collate)}`,
    `lc_ctype ${quoteLiteral(ctype)}`,
  ]
  if (version >= 150_000 && provider === 'i') parts.push('locale_provider icu')
  if (version >= 150_000 && provider === 'i' && locale) parts.push(`icu_locale ${quoteLiteral(locale)}`)
  if (version >= 170_000 && provider === 'b') parts.push('locale_provider builtin')
  if (version >= 170_000 && provider === 'b' && locale) parts.push(`builtin_locale ${quoteLiteral(locale)}`)
  return parts.join(' ')
}
