import { redactSql } from '../sql/redact-sql.ts'
import { openStandard, type SafeOutput } from './create-safe-output.ts'
import { hideSecrets } from './hide-secrets.ts'

/** The areas of `LOCKSTEP_DEBUG`, and what each of them writes. */
export const debugAreas = {
  postgres: 'sessions, and each statement with its time and its rows, without the values beside it',
  alembic: 'interpreters that are tried, runners that are started, what they are asked and what they run',
  docker: 'each call to the daemon, each way to a server that is tried, and each program in a container',
  'pg-tools': '`pg_dump`, `pg_restore` and `psql` as they are started',
  sandbox: 'the servers of the sandbox as they are started',
  hooks: 'the programs and the addresses of checks and hooks',
  run: 'each event of a run as it is appended: phases, votes, decisions',
  service: 'each request of a dashboard, its time and how it was answered, without its input',
  web: 'each HTTP request and each connection of a browser',
  processes: 'the processes of a dashboard as they start and end',
} as const

export type DebugArea = keyof typeof debugAreas

/** Writes a line of an area where that area was asked for; the text is not made otherwise. */
export type DebugLog = (area: DebugArea, text: () => string) => void

const names = Object.keys(debugAreas) as readonly DebugArea[]

/** Passwords that this process has used: no line shows them, wherever they came from. */
const secrets = new Set<string>()

/** Keeps a password out of every line from now on. */
export function hideFromDebug(secret: string): void {
  if (secret !== '') secrets.add(secret)
}

/** Makes the log of the areas that are named in a list such as `postgres,run`; `*` is all of them. */
export function createDebugLog(
  wanted: string | undefined,
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): DebugLog {
  const words = (wanted ?? '').split(/[\s,]+/).filter(word => word !== '')
  const isAll = words.includes('*')
  const areas = new Set(names.filter(name => isAll || words.includes(name)))
  const line = (area: string, text: string): void =>
    write(`${now().toISOString()} ${process.pid} ${area.padEnd(9)} ${cleanText(text)}\n`)
  const unknown = words.filter(word => word !== '*' && !names.some(name => name === word))
  if (unknown.length > 0)
    line('debug', `LOCKSTEP_DEBUG: no area is called ${unknown.join(', ')}; there are ${names.join(', ')}, *`)
  return (area, text) => {
    if (areas.has(area)) line(area, text())
  }
}

let output: SafeOutput | null = null

/** The log of this process, on standard error. */
export const debug = createDebugLog(process.env.LOCKSTEP_DEBUG, text => {
  // Opened with the first line, so that a program that only imports Lockstep keeps its streams as they are.
  output ??= openStandard(2, process.stderr)
  output.write(text)
})

/** Milliseconds since a moment of `performance.now()`, as a line shows them. */
export function sinceThen(startedAt: number): string {
  return `${(performance.now() - startedAt).toFixed(1)} ms`
}

/** What an error says in one line: the code that a machine gave it, and its words. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : ''
  return `${code}${error.message}`
}

/** One line, without passwords, of a length that can be read. */
function cleanText(text: string): string {
  return redactSql(hideSecrets(text, [...secrets])).replace(/\s*\n\s*/g, ' ')
}
