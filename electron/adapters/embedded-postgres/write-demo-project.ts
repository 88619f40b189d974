import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ExampleFiles, readExample } from './read-example.ts'

/** What is wrong with the demo's project on purpose. */
type ProjectFault = 'two-heads' | 'edited-migration'

/** How the migrations of the demo are written. */
export type DemoSource = 'alembic' | 'sql'

/** What shall be written, and where. */
export interface DemoProjectOptions {
  readonly folder: string
  readonly kind: DemoSource
  readonly fault?: ProjectFault
}

/** The revision that comes after those of the demo's first run. */
const nextRevision = /\/0004_\w+(\.up|\.down)?\.(py|sql)$/

/** A revision that every tenant but the late one has. */
const appliedRevision = /\/0002_\w+(\.up\.sql|\.py)$/

/** Writes the demo's migrations into a folder: an Alembic project, or numbered SQL files in `migrations/`. */
export async function writeDemoProject({ folder, kind, fault }: DemoProjectOptions): Promise<void> {
  const files = [...readProject(kind)].filter(([path]) => !nextRevision.test(path))
  await writeFiles(folder, new Map(spoil(files, kind, fault)))
}

/** Writes the revision that comes after those of the demo: the one that fails once, and then waits for approval. */
export async function writeNextRevision(folder: string, kind: DemoSource): Promise<void> {
  await writeFiles(folder, new Map([...readProject(kind)].filter(([path]) => nextRevision.test(path))))
}

/** The migrations of the example, without what only explains it. */
function readProject(kind: DemoSource): ExampleFiles {
  const files = [...readExample(`shop-${kind}`)]
  return new Map(files.filter(([path]) => path === 'alembic.ini' || path.startsWith('migrations/')))
}

type NamedText = readonly [path: string, text: string]

function spoil(
  files: readonly NamedText[],
  kind: DemoSource,
  fault: ProjectFault | undefined,
): readonly NamedText[] {
  switch (fault) {
    case undefined:
      return files
    case 'two-heads':
      return [...files, ...readExample('shop-faults', `two-heads/${kind}`)]
    case 'edited-migration':
      return files.map(([path, text]) => [path, appliedRevision.test(path) ? edit(text, kind) : text])
  }
}

/** What is added to a revision that is already applied, because a new one seemed too much for it. */
function edit(text: string, kind: DemoSource): string {
  return `${text}\n${kind === 'alembic' ? '#' : '--'} also wanted: an index on invoices (issued_at)\n`
}

async function writeFiles(folder: string, files: ExampleFiles): Promise<void> {
  for (const [path, text] of files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
