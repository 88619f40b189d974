import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FoundMigrations } from '../../../shared/topology/discovered-project.ts'
import { refuseForeignFiles } from '../../adapters/sql-files/read-folder.ts'
import { listMigrationFolders } from './find-migrations.ts'

/** Refuses a project whose SQL files are those of another tool, instead of writing down migrations that may not be run. */
export async function refuseForeignMigrations(
  folder: string,
  chosen: FoundMigrations | null,
  signal: AbortSignal,
): Promise<void> {
  // Alembic is the migrations of the project, whatever else lies in it.
  if (chosen?.kind === 'alembic') return
  const folders = chosen ? [join(folder, chosen.path)] : listMigrationFolders(folder)
  for (const place of folders)
    await refuseForeignFiles({ projectFolder: folder, folder: place, files: listNames(place) }, signal)
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry => entry.name)
  } catch {
    return []
  }
}
