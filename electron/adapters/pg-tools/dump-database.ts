import { LockstepError } from '../../../shared/failure.ts'
import { type DumpTarget, environmentOf } from './dump-schema.ts'
import { listPgTools } from './find-pg-tool.ts'
import { runTool } from './run-tool.ts'
import { lastWords, type StreamedFile, streamToFile } from './stream-tool.ts'

const restoreTimeoutMs = 24 * 3_600_000

/** Writes a whole database into a file of pg_dump's custom format. */
export async function dumpDatabase(
  target: DumpTarget,
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<StreamedFile> {
  const path = await findFitting('pg_dump', target.serverMajor, signal)
  const args = ['--format=custom', '--no-password', '--no-subscriptions', '--lock-wait-timeout=30000']
  return streamToFile({ path, args, environment: environmentOf(target), onBytes }, file, signal).catch(
    (error: unknown) => {
      throw refusal(error instanceof Error ? error.message : String(error))
    },
  )
}

/** Restores such a file into an empty database, all of it or nothing. */
export async function restoreDump(target: DumpTarget, file: string, signal: AbortSignal): Promise<void> {
  const path = await findFitting('pg_restore', target.serverMajor, signal)
  const args = [
    '--no-password',
    '--exit-on-error',
    '--single-transaction',
    '--no-subscriptions',
    `--dbname=${target.database}`,
    file,
  ]
  const answer = await runTool(path, args, environmentOf(target), restoreTimeoutMs, signal)
  if (answer.code !== 0) throw refusal(`pg_restore: ${lastWords(answer.stderr)}`)
}

async function findFitting(name: string, serverMajor: number, signal: AbortSignal): Promise<string> {
  const tools = await listPgTools(name, signal)
  const [fitting] = tools.filter(tool => tool.major >= serverMajor).sort((a, b) => a.major - b.major)
  if (fitting) return fitting.path
  const newest = Math.max(0, ...tools.map(tool => tool.major))
  throw refusal(
    newest === 0
      ? `there is no ${name} on PATH; version ${serverMajor} or newer is needed`
      : `${name} is version ${newest}, and the server needs ${serverMajor} or newer`,
  )
}

function refusal(problem: string): LockstepError {
  return new LockstepError({ kind: 'usage', problem, fix: '' })
}
