import { existsSync, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'

/** A place where an interpreter may be; `path` is null when there is none, and `note` says why. */
export interface InterpreterCandidate {
  readonly where: string
  readonly path: string | null
  readonly note: string
}

/** What candidates are looked for with. */
export interface CandidateSearch {
  readonly projectFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** First line that a tool such as Poetry prints, or null when it is not installed or fails. */
  ask(program: string, args: readonly string[], folder: string): Promise<string | null>
}

/** The interpreter that the configuration names: a program, a name on PATH, or a virtual environment. */
export function configuredCandidate(configured: string, search: CandidateSearch): InterpreterCandidate {
  const where = `configuration (${configured})`
  if (!/[\\/]/.test(configured) && !existsSync(resolve(search.projectFolder, configured))) {
    const path = findOnPath(configured, search)
    return { where, path, note: path ? '' : 'not on PATH' }
  }
  const path = isAbsolute(configured) ? configured : resolve(search.projectFolder, configured)
  if (!existsSync(path)) return { where, path: null, note: 'does not exist' }
  return statSync(path).isDirectory() ? inEnvironment(where, path, search) : { where, path, note: '' }
}

/** Places in their order of preference, each looked at only when the ones before it did not do. */
export async function* listCandidates(search: CandidateSearch): AsyncGenerator<InterpreterCandidate> {
  const { environment } = search
  const active = environment.VIRTUAL_ENV
  if (active) yield inEnvironment('VIRTUAL_ENV', active, search)
  const folders = foldersUpward(search.projectFolder)
  for (const folder of folders) {
    for (const name of ['.venv', 'venv']) {
      const place = join(folder, name)
      if (existsSync(place)) yield inEnvironment(place, place, search)
    }
  }
  yield* toolCandidates(search, folders)
  if (environment.CONDA_PREFIX) yield inEnvironment('CONDA_PREFIX', environment.CONDA_PREFIX, search)
  for (const name of ['python3', 'python']) {
    const path = findOnPath(name, search)
    yield { where: `${name} on PATH`, path, note: path ? '' : 'not on PATH' }
  }
}

async function* toolCandidates(
  search: CandidateSearch,
  folders: readonly string[],
): AsyncGenerator<InterpreterCandidate> {
  const poetry = folders.find(folder => existsSync(join(folder, 'poetry.lock')) || hasPoetryTable(folder))
  if (poetry) yield await asked('Poetry', 'poetry', ['env', 'info', '-e'], poetry, search)
  const uv = folders.find(folder => existsSync(join(folder, 'uv.lock')))
  if (uv) {
    const chosen = search.environment.UV_PROJECT_ENVIRONMENT
    if (chosen) yield inEnvironment('uv (UV_PROJECT_ENVIRONMENT)', resolve(uv, chosen), search)
    const print = 'import sys; print(sys.executable)'
    // Without --no-sync, looking would create or change the environment.
    yield await asked('uv', 'uv', ['run', '--no-sync', 'python', '-c', print], uv, search)
  }
  const pipenv = folders.find(folder => existsSync(join(folder, 'Pipfile')))
  if (pipenv) yield await asked('Pipenv', 'pipenv', ['--py'], pipenv, search)
}

async function asked(
  where: string,
  program: string,
  args: readonly string[],
  folder: string,
  search: CandidateSearch,
): Promise<InterpreterCandidate> {
  const path = await search.ask(program, args, folder)
  if (!path) return { where, path: null, note: `${program} is not installed, or knows no environment` }
  return existsSync(path) ? { where, path, note: '' } : { where, path: null, note: `${path} does not exist` }
}

function hasPoetryTable(folder: string): boolean {
  const file = join(folder, 'pyproject.toml')
  return existsSync(file) && /^\s*\[tool\.poetry[\].]/m.test(readFileSync(file, 'utf8'))
}

function foldersUpward(start: string): readonly string[] {
  const folders = [resolve(start)]
  for (let parent = dirname(resolve(start)); parent !== folders.at(-1); parent = dirname(parent)) {
    folders.push(parent)
  }
  return folders
}

function inEnvironment(where: string, folder: string, search: CandidateSearch): InterpreterCandidate {
  const names =
    search.platform === 'win32'
      ? [join('Scripts', 'python.exe'), 'python.exe']
      : [join('bin', 'python'), join('bin', 'python3')]
  const path = names.map(name => join(folder, name)).find(existsSync)
  return path ? { where, path, note: '' } : { where, path: null, note: 'holds no interpreter' }
}

function findOnPath(name: string, search: CandidateSearch): string | null {
  const variable = Object.keys(search.environment).find(key => key.toUpperCase() === 'PATH')
  const folders = (variable ? (search.environment[variable] ?? '') : '').split(delimiter).filter(Boolean)
  const suffixes = search.platform === 'win32' ? ['.exe', ''] : ['']
  for (const folder of folders) {
    for (const suffix of suffixes) {
      const path = join(folder, name + suffix)
      if (existsSync(path)) return path
    }
  }
  return null
}
