import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, longest first; all others go by how long they took here before, or by their size. */
const longFiles: readonly string[] = [
  'test/cli/compose-crash',
  'test/cli/compose-project',
  'test/engine/crash-points',
  'test/cli/approval',
  'test/cli/other-role',
  'test/cli/demo-faults',
  'test/engine/schema-tenants-alembic',
  'test/host/dev-compose',
  'test/host/processes/parts',
  'test/cli/lost-output',
  'test/engine/rollback/recount',
  'test/adapters/alembic/alembic-connections',
  'test/engine/lost-answers',
  'test/cli/interruption',
  'test/renderer/topology',
  'test/dashboard/web',
  'test/renderer/run',
  'test/renderer/plan',
  'test/web/dashboard',
  'test/renderer/settings',
]

/**
 * Long files first, so that none is alone at the end; and files that want a document together,
 * because a process is handed on to the next file only when that has the same environment.
 */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const keys = new Map(files.map(file => [file, keyOf(file)]))
    return (await super.sort(files)).sort((a, b) => compare(keys.get(a) ?? [], keys.get(b) ?? []))
  }
}

type Key = readonly (number | string)[]

function keyOf({ project, moduleId }: TestSpecification): Key {
  const place = longFiles.findIndex(name => moduleId.endsWith(`/${name}.real.test.ts`))
  const wantsDocument = readFileSync(moduleId, 'utf8').includes('@vitest-environment happy-dom')
  return [
    project.config.sequence.groupOrder,
    project.name,
    wantsDocument ? 1 : 0,
    place === -1 ? longFiles.length : place,
  ]
}

function compare(a: Key, b: Key): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? value
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}
