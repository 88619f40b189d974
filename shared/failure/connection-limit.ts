import { quoteName } from '../sql/quote-name.ts'

/** A limit of connections (SQLSTATE 53300), and whose it is. */
export type ConnectionLimit =
  | { readonly of: 'database' | 'role'; readonly name: string }
  | { readonly of: 'server' }

/** Which limit a server means when it refuses connections; null where its words do not tell. */
export function findConnectionLimit(message: string): ConnectionLimit | null {
  const [, of, name] = /too many connections for (database|role) "(.*)"/.exec(message) ?? []
  if ((of === 'database' || of === 'role') && name !== undefined) return { of, name }
  return /too many clients already|connection slots are reserved/.test(message) ? { of: 'server' } : null
}

/** The statement that raises it; no limit where no number is given. */
export function raiseLimit(limit: Extract<ConnectionLimit, { name: string }>, connections = -1): string {
  return `alter ${limit.of} ${quoteName(limit.name)} connection limit ${connections};`
}

/** What helps where a limit is reached, by the server's own words. */
export function mendConnectionLimit(message: string): string {
  const limit = findConnectionLimit(message)
  switch (limit?.of) {
    case 'database':
      return `Raise the limit of the database: ${raiseLimit(limit)} (-1: no limit), or end sessions in it; lockstep doctor says how many a run needs.`
    case 'role':
      return `Raise the limit of the role: ${raiseLimit(limit)} (-1: no limit), or end other sessions of it; lockstep doctor says how many a run needs.`
    case 'server':
      return 'Raise max_connections of the server and restart it, or end sessions on it; the gate capacity says how many a run needs.'
    case undefined:
      return 'Raise the limit of connections that it names (of the database, the role or the server), or end sessions; the gate capacity says how many a run needs.'
  }
}
