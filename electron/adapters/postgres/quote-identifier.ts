import { escapeIdentifier, escapeLiteral } from 'pg'

/** Quotes a name for use in a statement; every identifier that was not written by hand goes through here. */
export function quoteIdentifier(name: string): string {
  return escapeIdentifier(name)
}

/** Quotes a value for the few commands that take no parameters, such as `commit prepared`. */
export function quoteLiteral(value: string): string {
  return escapeLiteral(value)
}
