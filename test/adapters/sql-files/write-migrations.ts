import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Lends a project folder with files, and removes it afterwards. */
export async function withProject<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (projectFolder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-sql-'))
  try {
    await mkdir(join(folder, 'migrations'))
    await writeFiles(folder, files)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes files into the `migrations` folder of a project. */
export async function writeFiles(
  projectFolder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(projectFolder, 'migrations', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}
