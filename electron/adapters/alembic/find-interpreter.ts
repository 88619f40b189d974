import { type InterpreterAttempt, LockstepError } from '../../../shared/failure.ts'
import {
  type CandidateSearch,
  configuredCandidate,
  type InterpreterCandidate,
  listCandidates,
} from './interpreter-candidates.ts'
import { type InterpreterProbe, probeInterpreter } from './probe-interpreter.ts'
import { runProgram } from './run-program.ts'

/** Where to look, and with what; the last two are there for tests. */
export interface InterpreterSearch {
  readonly projectFolder: string
  readonly configured?: string
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
  const probe = search.probe ?? ((path: string) => probeInterpreter(path, environment, projectFolder, signal))
  const candidates: CandidateSearch = {
    projectFolder,
    environment,
    platform: search.platform ?? process.platform,
    ask: search.ask ?? ((program, args, folder) => askTool(program, args, folder, environment, signal)),
  }
  const attempts: InterpreterAttempt[] = []
  const withoutAlembic: string[] = []
  for await (const candidate of chooseCandidates(search.configured, candidates)) {
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
    withoutAlembic.push(path)
    attempts.push({ where, outcome: `Python ${versions.python} without Alembic` })
  }
  signal.throwIfAborted()
  const [interpreter] = withoutAlembic
  if (interpreter) throw new LockstepError({ kind: 'alembic_missing', interpreter, missing: 'alembic' })
  throw new LockstepError({ kind: 'interpreter_missing', tried: attempts })
}

async function* chooseCandidates(
  configured: string | undefined,
  search: CandidateSearch,
): AsyncGenerator<InterpreterCandidate> {
  if (configured !== undefined) yield configuredCandidate(configured, search)
  else yield* listCandidates(search)
}

async function askTool(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string | null> {
  const result = await runProgram(program, args, { folder, environment, timeoutMs: 30_000 }, signal)
  return result.code === 0 ? (result.stdout.trim().split('\n').at(-1)?.trim() ?? null) : null
}
