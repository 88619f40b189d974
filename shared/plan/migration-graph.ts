/** One revision of a migration source; words as in Alembic. */
export interface Revision {
  readonly id: string
  readonly parents: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
  readonly message: string
  /** Path relative to the project, with forward slashes. */
  readonly file: string
  /** sha256 of the file's bytes, hexadecimal. */
  readonly checksum: string
  readonly isMerge: boolean
}

/** The revision tree, and where it was read from. */
export interface MigrationGraph {
  readonly source: 'alembic' | 'sql'
  readonly revisions: readonly Revision[]
  readonly bases: readonly string[]
  readonly heads: readonly string[]
  readonly origin: SourceOrigin
}

/** How the source is read on this machine: shown by `doctor`, never part of a plan's hash. */
export interface SourceOrigin {
  readonly folder: string
  /** The interpreter that was taken, and why; null for SQL files. */
  readonly interpreter: {
    readonly path: string
    readonly why: string
    readonly versions: Readonly<Record<string, string>>
  } | null
}
