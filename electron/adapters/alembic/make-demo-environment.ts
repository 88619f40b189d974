import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type ProgramResult, runProgram } from '../../programs/run-program.ts'
import { type FoundInterpreter, findInterpreter } from './find-interpreter.ts'
import { createLocalHost } from './local-host.ts'
import { probeInterpreter } from './probe-interpreter.ts'

/** A Python that can run Alembic against PostgreSQL, or why there is none. */
export type PythonEnvironment =
  | { readonly interpreter: string; readonly why: string }
  | { readonly interpreter: null; readonly reason: string }

/** What a made environment holds; the defaults suit the demo. */
export interface PythonEnvironmentOptions {
  readonly requirements?: readonly string[]
  readonly environment?: Readonly<Record<string, string | undefined>>
}

const demoRequirements = ['alembic', 'psycopg[binary]']
const staleAfterMs = 3_600_000

/** Makes a virtual environment once and keeps it in a cache folder (null: the user's); falls back to any Python with Alembic. */
export async function makePythonEnvironment(
  cacheFolder: string | null,
  signal: AbortSignal,
  options: PythonEnvironmentOptions = {},
): Promise<PythonEnvironment> {
  const { requirements = demoRequirements, environment = process.env } = options
  const cache = cacheFolder ?? join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockstep')
  const base = await findBasePython(environment, signal)
  signal.throwIfAborted()
  if (!base) return { interpreter: null, reason: 'no Python 3.8 or newer on PATH' }
  const hash = createHash('sha256')
    .update(JSON.stringify([requirements, base, process.platform, process.arch]))
    .digest('hex')
    .slice(0, 12)
  const place = join(cache, `python-${hash}`)
  if (await isUsable(place, environment, signal)) return { interpreter: interpreterIn(place), why: place }
  const problem = await buildInto(place, { base: base.path, requirements, environment, cache }, signal)
  signal.throwIfAborted()
  if (problem === null) return { interpreter: interpreterIn(place), why: place }
  return await fallBack(cache, environment, problem, signal)
}

interface BuildRecipe {
  readonly base: string
  readonly requirements: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cache: string
}

/** Builds beside the place and renames: a run that is killed leaves nothing half made there. Null when it is there. */
async function buildInto(place: string, recipe: BuildRecipe, signal: AbortSignal): Promise<string | null> {
  const { base, requirements, environment, cache } = recipe
  await mkdir(cache, { recursive: true })
  await removeStale(cache)
  const building = `${place}.building-${randomBytes(6).toString('hex')}`
  const run = (program: string, args: readonly string[]): Promise<ProgramResult> =>
    runProgram({ area: 'alembic', program, args }, { folder: cache, environment, timeoutMs: 300_000 }, signal)
  try {
    let made = await run(base, ['-m', 'venv', building])
    let pip = [interpreterIn(building), '-m', 'pip']
    if (made.code !== 0) {
      // Debian ships venv without ensurepip: the base's own pip can install into the new environment.
      made = await run(base, ['-m', 'venv', '--clear', '--without-pip', building])
      pip = [base, '-m', 'pip', '--python', interpreterIn(building)]
    }
    if (made.code !== 0) return `a virtual environment cannot be made: ${lastLine(made.stderr)}`
    const [program = base, ...args] = pip
    const quiet = ['install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20']
    const installed = await run(program, [...args, ...quiet, ...requirements])
    if (installed.code !== 0) return `packages cannot be installed: ${lastLine(installed.stderr)}`
    await rename(building, place).catch(async error => {
      // Another run may have been first; what is there but does not work is replaced.
      if (await isUsable(place, environment, signal)) return
      await rm(place, { recursive: true, force: true })
      await rename(building, place).catch(() => Promise.reject(error))
    })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

async function removeStale(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!/^python-[0-9a-f]+\.building-/.test(name)) continue
    const path = join(cache, name)
    const age = Date.now() - ((await stat(path).catch(() => null)) ?? { mtimeMs: Date.now() }).mtimeMs
    if (age > staleAfterMs) await rm(path, { recursive: true, force: true })
  }
}

async function findBasePython(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly version: string } | null> {
  for (const path of ['python3', 'python']) {
    const probe = await probeInterpreter(path, createLocalHost(environment), process.cwd(), signal)
    if (probe.runs) return { path, version: probe.versions.python ?? '' }
  }
  return null
}

async function isUsable(
  place: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<boolean> {
  if (!existsSync(interpreterIn(place))) return false
  const host = createLocalHost(environment)
  const probe = await probeInterpreter(interpreterIn(place), host, place, signal)
  return probe.runs && hasDriver(probe.versions)
}

function hasDriver(versions: Readonly<Record<string, string>>): boolean {
  const drivers = ['psycopg', 'psycopg2', 'psycopg2-binary', 'asyncpg', 'pg8000']
  return 'alembic' in versions && drivers.some(name => name in versions)
}

async function fallBack(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  problem: string,
  signal: AbortSignal,
): Promise<PythonEnvironment> {
  const found = await findInterpreter({ projectFolder: folder, environment }, signal).catch(() => null)
  signal.throwIfAborted()
  return describeFallback(found, problem)
}

function describeFallback(found: FoundInterpreter | null, problem: string): PythonEnvironment {
  if (!found) return { interpreter: null, reason: problem }
  if (!hasDriver(found.versions)) {
    return { interpreter: null, reason: `${problem}; ${found.path} has Alembic and no PostgreSQL driver` }
  }
  return { interpreter: found.path, why: `${found.why}; ${problem}` }
}

function interpreterIn(place: string): string {
  return process.platform === 'win32' ? join(place, 'Scripts', 'python.exe') : join(place, 'bin', 'python')
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
