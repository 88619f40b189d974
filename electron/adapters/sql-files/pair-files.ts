import { LockstepError } from '../../../shared/failure/failure.ts'

/** One revision as its file names tell it. */
export interface NumberedFiles {
  /** The number as written, leading zeros included. */
  readonly revision: string
  readonly name: string
  readonly up: string
  readonly down: string | null
}

const convention = /^(?<revision>\d+)_(?<name>.+)\.(?<direction>up|down)\.sql$/s

interface NamedFile {
  readonly file: string
  readonly revision: string
  readonly name: string
  readonly direction: string
}

/** Says whether a file of the folder is meant to be a migration. */
export function isSqlFile(file: string): boolean {
  return /\.sql$/i.test(file) && !file.startsWith('.')
}

/** Pairs the up and down files of a folder and sorts them by number. Files that do not end in `.sql` are left alone. */
export function pairFiles(files: readonly string[]): readonly NumberedFiles[] {
  const named = files.filter(isSqlFile).map(readName)
  const byNumber = new Map<bigint, NamedFile[]>()
  for (const file of named.toSorted(
    (a, b) => compareNumbers(a.revision, b.revision) || (a.file < b.file ? -1 : 1),
  )) {
    const number = BigInt(file.revision)
    byNumber.set(number, [...(byNumber.get(number) ?? []), file])
  }
  const next = String(([...byNumber.keys()].at(-1) ?? 0n) + 1n)
  return [...byNumber.values()].map(files => pairOne(files, next))
}

/** Compares numbers of any length, such as dates, by value. */
export function compareNumbers(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function readName(file: string): NamedFile {
  const { revision, name, direction } = convention.exec(file)?.groups ?? {}
  if (revision === undefined || name === undefined || direction === undefined) {
    throw refuse(
      file,
      'the name must look like 0001_add_users.up.sql or 0001_add_users.down.sql, and the file must go one way only',
    )
  }
  return { file, revision, name, direction }
}

function pairOne(files: readonly NamedFile[], next: string): NumberedFiles {
  const [up, secondUp] = files.filter(file => file.direction === 'up')
  const [down, secondDown] = files.filter(file => file.direction === 'down')
  if (up && secondUp) {
    // Two files that follow the same one are what two heads are elsewhere.
    const renumbered = `${next.padStart(secondUp.revision.length, '0')}_${secondUp.name}.up.sql`
    throw new LockstepError({
      kind: 'several_heads',
      heads: [up.file, secondUp.file],
      mergeCommand: `git mv ${secondUp.file} ${renumbered}`,
    })
  }
  if (down && secondDown)
    throw refuse(secondDown.file, `the number ${secondDown.revision} is taken by ${down.file}`)
  if (!up) throw refuse(down?.file ?? '', 'this down file has no up file of the same number')
  if (down && (down.revision !== up.revision || down.name !== up.name)) {
    throw refuse(down.file, `the name differs from that of its up file, ${up.file}`)
  }
  return { revision: up.revision, name: up.name, up: up.file, down: down?.file ?? null }
}

function refuse(file: string, error: string): LockstepError {
  return new LockstepError({
    kind: 'source_failed',
    during: 'reading the names of the migrations',
    file,
    error,
  })
}
