import type { ComposeService } from '../compose/nodes/compose-project.ts'

/** What a service's entrypoint and command say that it runs; empty when the image decides. */
export interface ServiceCommand {
  /** Entrypoint and command, scripts of a shell taken apart at their spaces. */
  readonly words: readonly string[]
  /** Arguments behind `postgres`, or behind an entrypoint that the image has. */
  readonly serverArguments: readonly string[]
  readonly runsServer: boolean
  /** A client program such as `psql`, when the service runs that and no server. */
  readonly client: string | null
}

const clients = new Set(
  'psql pg_dump pg_dumpall pg_restore pg_isready pgbench createdb dropdb createuser vacuumdb pg_receivewal'.split(
    ' ',
  ),
)

/** Reads what a service is told to run. */
export function readCommand(service: Pick<ComposeService, 'entrypoint' | 'command'>): ServiceCommand {
  const words = [...(service.entrypoint ?? []), ...(service.command ?? [])].flatMap(splitScript)
  const programs = words.map(baseName)
  const server = programs.findLastIndex(program => program === 'postgres' || program === 'postmaster')
  const isFlags = service.entrypoint === null && (words[0] ?? '').startsWith('-')
  // The last resort of a standby's script is often the image's own entrypoint.
  const runsServer =
    isFlags ||
    isProgram(words, server) ||
    programs.some(program => program === 'docker-entrypoint.sh' || program === 'pg_ctl')
  const client = programs.find(program => clients.has(program)) ?? null
  return {
    words,
    serverArguments: isFlags ? words : isProgram(words, server) ? words.slice(server + 1) : [],
    runsServer,
    client: runsServer ? null : client,
  }
}

/** `postgres` is a program at a start, or behind something that starts programs; behind `-U` it is a user. */
function isProgram(words: readonly string[], index: number): boolean {
  if (index < 0) return false
  const before = words[index - 1]
  if (before === undefined || /^(\|\||[;&()]|then|do|else|exec|--|-\w*c|.*\.sh)$/.test(before)) return true
  // The first word behind these is a user.
  return /^(gosu|su-exec)$/.test(baseName(words[index - 2] ?? ''))
}

/** Only a script has spaces in one word; a long argument of SQL does not matter here. */
function splitScript(word: string): readonly string[] {
  const lines = word.replace(/\\\r?\n/g, ' ').replace(/\r?\n/g, ' ; ')
  return lines.split(/\s+|(?<=[;&()])|(?=[;&()])/).filter(part => part !== '')
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/^["']|["';]+$/g, '')
}
