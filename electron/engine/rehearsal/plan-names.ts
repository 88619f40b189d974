import { quoteIdentifier } from '../../sql/quote-identifier.ts'
import type { StatementTrace } from '../ports/lock-trace.ts'

/** A plan calls a tenant's own schema `public`, because it stands for every tenant's. */
const own = 'public.'

/** What was traced of one tenant, with the names that a plan uses. */
export function traceAsPlanned(schema: string | undefined, trace: StatementTrace): StatementTrace {
  if (schema === undefined) return trace
  const rename = (name: string): string => nameAsPlanned(schema, name)
  return {
    ...trace,
    locks: trace.locks.map(lock => ({ ...lock, relation: rename(lock.relation) })),
    rewrites: trace.rewrites.map(rename),
    scans: trace.scans.map(scan => ({ ...scan, relation: rename(scan.relation) })),
    invalid: trace.invalid.map(rename),
  }
}

/** What a plan names, as one tenant may hold it: in its own schema, or among what all share. */
export function namesInTenant(schema: string | undefined, names: readonly string[]): readonly string[] {
  if (schema === undefined) return names
  return names.flatMap(name =>
    name.startsWith(own) ? [`${quoteIdentifier(schema)}.${name.slice(own.length)}`, name] : [name],
  )
}

function nameAsPlanned(schema: string, name: string): string {
  const form = [`${schema}.`, `${quoteIdentifier(schema)}.`].find(start => name.startsWith(start))
  return form === undefined ? name : own + name.slice(form.length)
}
