import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { readDirectives } from '../../../shared/sql/read-directives.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import type { FileRevision, MigrationFile } from './read-folder.ts'
import { readScript } from './read-script.ts'

/** The steps from a revision to another, upward or downward. */
export async function planFileSteps(
  revisions: readonly FileRevision[],
  from: readonly string[],
  target: readonly string[],
  parser: SqlParser,
): Promise<readonly PlannedStep[]> {
  const start = findPosition(revisions, from)
  const end = findPosition(revisions, target)
  const steps: PlannedStep[] = []
  for (let index = start + 1; index <= end; index += 1) {
    const revision = pick(revisions, index)
    steps.push(await planStep(revision, revision.up, headsAt(revisions, index), parser))
  }
  for (let index = start; index > end; index -= 1) {
    const revision = pick(revisions, index)
    steps.push(await planStep(revision, requireDown(revision), headsAt(revisions, index - 1), parser))
  }
  return steps
}

/** Index of the only head; -1 is before the first revision. */
function findPosition(revisions: readonly FileRevision[], heads: readonly string[]): number {
  const [head, second] = heads
  if (head === undefined || head === 'base') return -1
  const index = revisions.findIndex(revision => revision.revision === head)
  if (second === undefined && index >= 0) return index
  throw new LockstepError({
    kind: 'usage',
    problem:
      second === undefined
        ? `there is no revision ${head}`
        : `SQL files have one head, not ${heads.join(' and ')}`,
    fix: `Choose one of ${revisions.map(revision => revision.revision).join(', ')}, or base.`,
  })
}

function headsAt(revisions: readonly FileRevision[], index: number): readonly string[] {
  return index < 0 ? [] : [pick(revisions, index).revision]
}

function pick(revisions: readonly FileRevision[], index: number): FileRevision {
  const revision = revisions[index]
  if (!revision) throw new RangeError(`there is no revision at ${index}`)
  return revision
}

function requireDown(revision: FileRevision): MigrationFile {
  if (revision.down) return revision.down
  throw new LockstepError({
    kind: 'source_failed',
    during: `planning the downgrade from revision ${revision.revision}`,
    file: revision.up.file,
    error: 'there is no down file for it',
  })
}

async function planStep(
  revision: FileRevision,
  file: MigrationFile,
  headsAfter: readonly string[],
  parser: SqlParser,
): Promise<PlannedStep> {
  const script = await readScript(file, parser)
  const directives = readDirectives(file.text, script.statements)
  return {
    revision: revision.revision,
    message: revision.name.replaceAll('_', ' '),
    file: file.file,
    checksum: file.checksum,
    headsAfter,
    transactional: script.way === 'voting',
    reason: script.reason,
    statements: script.statements.map(({ sql, tables, line }) => ({ sql, tables: tables.toSorted(), line })),
    ...(directives.length > 0 ? { directives } : {}),
    unrendered: '',
  }
}
