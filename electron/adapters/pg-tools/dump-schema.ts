import { LockstepError } from '../../../shared/failure.ts'
import { listPgTools } from './find-pg-tool.ts'
import { runTool } from './run-tool.ts'

/** The database that is dumped, as libpq is told of it. */
export interface DumpTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Handed over in the environment; empty where none is needed. */
  readonly password: string
  readonly database: string
  readonly tls: 'disable' | 'require' | 'verify-full'
  /** Such as 18: an older program refuses the server. */
  readonly serverMajor: number
}

const timeoutMs = 120_000

/** The schema of a database as SQL, written by a `pg_dump` that is as new as the server. */
export async function dumpSchema(target: DumpTarget, signal: AbortSignal): Promise<string> {
  const tools = await listPgTools('pg_dump', signal)
  const fitting = tools.filter(tool => tool.major >= target.serverMajor).sort((a, b) => a.major - b.major)
  const [tool] = fitting
  if (!tool)
    throw refusal(
      describeTools(
        tools.map(one => one.major),
        target.serverMajor,
      ),
    )
  const args = [
    '--schema-only',
    '--no-password',
    '--no-subscriptions',
    '--encoding=UTF8',
    '--lock-wait-timeout=5000',
  ]
  const answer = await runTool(tool.path, args, environmentOf(target), timeoutMs, signal)
  if (answer.code === 0) return answer.stdout
  const words = answer.stderr.trim().split('\n')
  throw refusal((words.find(line => line.includes('error:')) ?? words.at(-1) ?? '').replace(/^pg_dump: /, ''))
}

/** Where and as whom a program of PostgreSQL's connects. */
export function environmentOf({
  host,
  port,
  user,
  password,
  database,
  tls,
}: DumpTarget): Readonly<Record<string, string>> {
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGSSLMODE: tls,
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'lockstep dump',
    ...(password === '' ? {} : { PGPASSWORD: password }),
  }
}

function describeTools(majors: readonly number[], wanted: number): string {
  if (majors.length === 0) return `there is no pg_dump on PATH; version ${wanted} or newer is needed`
  return `pg_dump is version ${Math.max(...majors)}, and the server needs ${wanted} or newer`
}

function refusal(problem: string): LockstepError {
  return new LockstepError({ kind: 'usage', problem, fix: '' })
}
