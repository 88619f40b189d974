import { type InterpreterAttempt, LockstepError } from '../../../shared/failure/failure.ts'
import { listContainerCandidates } from './container-candidates.ts'
import type { ExecutionHost } from './execution-host.ts'
import {
  type CandidateSearch,
  configuredCandidate,
  type InterpreterCandidate,
  listCandidates,
} from './interpreter-candidates.ts'
import { createLocalHost } from './local-host.ts'
import { type InterpreterProbe, probeInterpreter } from './probe-interpreter.ts'

/** Where to look, and with what; the last two are there for tests. */
export interface InterpreterSearch {
  readonly projectFolder: string
  readonly configured?: string
  /** This machine when not given. */
  readonly host?: ExecutionHost
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  probe?(path: string, signal: AbortSignal): Promise<InterpreterProbe>
  ask?(program: string, args: readonly string[], folder: string): Promise<string | null>
}

/** The interpreter that was taken, why, and what was passed over. */
export interface FoundInterpreter {
  readonly path: string
  readonly why: string
  readonly versions: Readonly<Record<string, string>>
  readonly attempts: readonly InterpreterAttempt[]
}

/** Finds the project's interpreter: the first place in order whose Python has Alembic. */
export async function findInterpreter(
  search: InterpreterSearch,
  signal: AbortSignal,
): Promise<FoundInterpreter> {
  const { projectFolder, environment } = search
  const host = search.host ?? createLocalHost(environment)
  const probe = search.probe ?? ((path: string) => probeInterpreter(path, host, projectFolder, signal))
  const attempts: InterpreterAttempt[] = []
  const withoutAlembic: string[] = []
  for await (const candidate of chooseCandidates(search, host, signal)) {
    signal.throwIfAborted()
    const { where, path, note } = candidate
    if (path === null) {
      attempts.push({ where, outcome: note })
      continue
    }
    const answer = await probe(path, signal)
    if (!answer.runs) {
      attempts.push({ where, outcome: answer.problem })
      continue
    }
    const { versions } = answer
    if (versions.alembic) {
      attempts.push({ where, outcome: `taken: ${path}` })
      return { path, why: where, versions, attempts }
    }
    withoutAlembic.push(host.place === null ? path : `${host.place}: ${path}`)
    attempts.push({ where, outcome: `Python ${versions.python} without Alembic` })
  }
  signal.throwIfAborted()
  const [interpreter] = withoutAlembic
  if (interpreter) throw new LockstepError({ kind: 'alembic_missing', interpreter, missing: 'alembic' })
  throw new LockstepError({ kind: 'interpreter_missing', tried: attempts })
}

async function* chooseCandidates(
  search: InterpreterSearch,
  host: ExecutionHost,
  signal: AbortSignal,
): AsyncGenerator<InterpreterCandidate> {
  const { configured, projectFolder, environment, platform = process.platform } = search
  if (host.place !== null) {
    yield* await listContainerCandidates({ ...search, host }, signal)
    return
  }
  const ask = search.ask ?? ((program, args, folder) => askTool(program, args, folder, host, signal))
  const candidates: CandidateSearch = { projectFolder, environment, platform, ask }
  if (configured !== undefined) yield configuredCandidate(configured, candidates)
  else yield* listCandidates(candidates)
}

async function askTool(
  program: string,
  args: readonly string[],
  folder: string,
  host: ExecutionHost,
  signal: AbortSignal,
): Promise<string | null> {
  const result = await host.run(program, args, { folder, timeoutMs: 30_000 }, signal)
  return result.code === 0 ? (result.stdout.trim().split('\n').at(-1)?.trim() ?? null) : null
}
