import { randomBytes } from 'node:crypto'
import { withDeadline } from '../../lib/with-deadline.ts'
import { withTool } from './choose-tool.ts'
import { readOutput } from './stream-tool.ts'
import type { ToolAddress, ToolPlace } from './tool-place.ts'

/** The database that is dumped or restored, and the places whose programs can do that, the best first. */
export interface DumpTarget {
  readonly places: readonly ToolPlace[]
  readonly user: string
  /** Handed over in the environment; empty where none is needed. */
  readonly password: string
  readonly database: string
  /** The role that the program takes after its login. */
  readonly role?: string | null
  /** Such as 18: an older program refuses the server. */
  readonly serverMajor: number
}

const timeoutMs = 120_000

/** The schema of a database as SQL, written by a `pg_dump` that is as new as the server. */
export async function dumpSchema(target: DumpTarget, signal: AbortSignal): Promise<string> {
  const args = [
    '--schema-only',
    '--no-password',
    '--no-subscriptions',
    '--encoding=UTF8',
    '--lock-wait-timeout=5000',
    ...(target.role ? [`--role=${target.role}`] : []),
  ]
  return withDeadline(signal, timeoutMs, stop =>
    withTool(
      { ...target, name: 'pg_dump' },
      (tool, address) => readOutput(tool.start(args, libpqEnvironmentOf(target, address)), stop),
      stop,
    ),
  )
}

/** Where and as whom a program of PostgreSQL's connects. */
export function libpqEnvironmentOf(
  { user, password, database }: DumpTarget,
  { host, port, tls }: ToolAddress,
): Readonly<Record<string, string>> {
  return {
    PGHOST: host,
    // A container's own variables must not lead elsewhere.
    PGHOSTADDR: '',
    PGOPTIONS: '',
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGSSLMODE: tls,
    PGCONNECT_TIMEOUT: '10',
    // Its own name: the session can be told from those of others.
    PGAPPNAME: `lockstep dump ${randomBytes(6).toString('hex')}`,
    ...(password === '' ? {} : { PGPASSWORD: password }),
  }
}
