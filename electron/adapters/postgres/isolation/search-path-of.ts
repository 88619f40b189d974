import type { Tenant } from '../../../../shared/topology/topology.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'

/** What a session of a tenant looks up names by: its own schema, then what all share. Nothing for a tenant that is a database. */
export function searchPathOf({ schema }: Pick<Tenant, 'schema'>): {
  readonly settings?: Readonly<Record<string, string>>
} {
  return schema === undefined ? {} : { settings: { search_path: `${quoteIdentifier(schema)}, public` } }
}
