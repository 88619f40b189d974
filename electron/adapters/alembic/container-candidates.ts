import { posix } from 'node:path'
import type { ExecutionHost } from './execution-host.ts'
import type { InterpreterCandidate } from './interpreter-candidates.ts'

/** What a container is searched with. */
export interface ContainerSearch {
  readonly host: ExecutionHost
  readonly projectFolder: string
  readonly configured?: string
}

/** Where images put the environment of their application when it is not beside the project. */
const usualFolders = [
  '/opt/venv',
  '/venv',
  '/srv/venv',
  '/app/.venv',
  '/usr/src/app/.venv',
  '/code/.venv',
  '/opt/pysetup/.venv',
]

/** Prints `label<TAB>program` for each program that is there, in order of preference: one round trip for all places. */
const searchScript = `
look() {
  case "$2" in /*) place=$2 ;; *) place=$PWD/$2 ;; esac
  for name in python python3; do
    if [ -x "$place/bin/$name" ]; then printf '%s\\t%s\\n' "$1" "$place/bin/$name"; return; fi
  done
}
if [ -n "$VIRTUAL_ENV" ]; then look VIRTUAL_ENV "$VIRTUAL_ENV"; fi
while [ $# -gt 1 ]; do look "$1" "$2"; shift 2; done
for place in "\${POETRY_CACHE_DIR:-\${XDG_CACHE_HOME:-$HOME/.cache}/pypoetry}"/virtualenvs/*; do look Poetry "$place"; done
if [ -n "$UV_PROJECT_ENVIRONMENT" ]; then look 'uv (UV_PROJECT_ENVIRONMENT)' "$UV_PROJECT_ENVIRONMENT"; fi
for place in "\${WORKON_HOME:-$HOME/.local/share/virtualenvs}"/*; do look Pipenv "$place"; done
if [ -n "$CONDA_PREFIX" ]; then look CONDA_PREFIX "$CONDA_PREFIX"; fi
for place in /opt/conda/envs/* /opt/conda; do look Conda "$place"; done
for name in python3 python; do
  if place=$(command -v "$name"); then printf '%s\\t%s\\n' "$name on PATH" "$place"; fi
done
exit 0
`

/** Prints the program that a configured name, program or environment stands for, or why there is none. */
const configuredScript = `
case "$1" in
*/*) ;;
*) if [ ! -e "$1" ]; then
     if place=$(command -v "$1"); then printf 'found\\t%s\\n' "$place"; else printf 'none\\tnot on PATH\\n'; fi
     exit 0
   fi ;;
esac
case "$1" in /*) place=$1 ;; *) place=$PWD/$1 ;; esac
if [ -d "$place" ]; then
  for name in python python3; do
    if [ -x "$place/bin/$name" ]; then printf 'found\\t%s\\n' "$place/bin/$name"; exit 0; fi
  done
  printf 'none\\tholds no interpreter\\n'
elif [ -e "$place" ]; then printf 'found\\t%s\\n' "$place"
else printf 'none\\tdoes not exist\\n'
fi
`

/** Interpreters that a container may hold; without a shell in it, only what its PATH leads to. */
export async function listContainerCandidates(
  search: ContainerSearch,
  signal: AbortSignal,
): Promise<readonly InterpreterCandidate[]> {
  const { host, projectFolder, configured } = search
  const ask = async (script: string, args: readonly string[]): Promise<readonly Answer[] | null> => {
    const options = { folder: projectFolder, timeoutMs: 30_000 }
    const result = await host.run('sh', ['-c', script, 'sh', ...args], options, signal)
    return result.code === 0 ? result.stdout.split('\n').flatMap(readAnswer) : null
  }
  const name = (where: string): string => `${host.place}: ${where}`
  if (configured !== undefined) {
    const where = name(`configuration (${configured})`)
    const [answer] = (await ask(configuredScript, [configured])) ?? [{ label: 'found', text: configured }]
    const isFound = answer?.label === 'found'
    return [
      { where, path: isFound ? answer.text : null, note: isFound ? '' : (answer?.text ?? 'does not exist') },
    ]
  }
  const places = listPlaces(projectFolder)
  const found = await ask(
    searchScript,
    places.flatMap(({ label, folder }) => [label, folder]),
  )
  const candidates = (found ?? withoutShell).map(({ label, text }) => ({
    where: name(label),
    path: text,
    note: '',
  }))
  const hasNone = found?.every(({ label }) => label.endsWith('on PATH'))
  return hasNone ? [...candidates, describeAbsence(name('virtual environments'), places)] : candidates
}

interface Answer {
  readonly label: string
  readonly text: string
}

const withoutShell: readonly Answer[] = ['python3', 'python'].map(name => ({
  label: `${name} on PATH`,
  text: name,
}))

interface Place {
  readonly label: string
  readonly folder: string
}

function listPlaces(projectFolder: string): readonly Place[] {
  const parent = posix.dirname(projectFolder)
  const folders = new Set([projectFolder, parent, posix.dirname(parent)])
  const beside = [...folders].flatMap(folder =>
    ['.venv', 'venv', 'env'].map(name => ({
      label: folder === projectFolder ? name : posix.join(folder, name),
      folder: posix.join(folder, name),
    })),
  )
  const known = new Set(beside.map(place => place.folder))
  const usual = usualFolders.filter(folder => !known.has(folder))
  return [...beside, ...usual.map(folder => ({ label: folder, folder }))]
}

function readAnswer(line: string): readonly Answer[] {
  const [label, text] = line.trimEnd().split('\t')
  return label && text ? [{ label, text }] : []
}

function describeAbsence(where: string, places: readonly Place[]): InterpreterCandidate {
  return { where, path: null, note: `none at ${places.map(({ folder }) => folder).join(', ')}` }
}
