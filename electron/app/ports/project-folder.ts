import type { FoundMigrations } from '../../../shared/topology/discovered-project.ts'

/** The folder of a project that has no project file yet. */
export interface ProjectFolder {
  /** Where its project file belongs. */
  readonly file: string
  readonly hasFile: () => boolean
  /** What of migrations lies in it. */
  readonly findMigrations: () => readonly FoundMigrations[]
  /** Throws where the migrations are those of another tool. */
  readonly refuseForeignMigrations: (chosen: FoundMigrations | null, signal: AbortSignal) => Promise<void>
  /** Writes a project file, with words at its head for those who edit it. */
  readonly writeFile: (config: object) => void
}
