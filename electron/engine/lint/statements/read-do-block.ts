import { readDirectives } from '../../../../shared/sql/read-directives.ts'
import type { BlockPart, ParsedSql, SqlParser } from '../../ports/sql-parser.ts'
import type { InlineWaiver, LintStatement } from './lint-statement.ts'

/** A waiver, and its line of the `do` statement, counted from 1; null when it stands elsewhere. */
interface PlacedWaiver {
  readonly waiver: InlineWaiver
  readonly line: number | null
}

/** Gives a `do` statement, and behind it what it runs as statements of their own. */
export async function readDoBlock(
  statement: LintStatement,
  waivers: readonly PlacedWaiver[],
  parser: SqlParser,
): Promise<readonly LintStatement[]> {
  const { tree, file, line } = statement
  const block = await parser.readBlock(tree.sql)
  if (block.kind === 'unread') return [{ ...statement, unseen: block.unseen }]
  const targets = findTargets(tree.sql, block.parts)
  const speakingOf = (place: number | null) =>
    waivers
      .filter(one => {
        const target = one.line === null ? undefined : targets.get(one.line)
        return target === undefined || target === place
      })
      .map(({ waiver }) => waiver)
  const inside = block.parts.map(part => ({
    ...statement,
    tree: part.kind === 'statement' ? part.statement : standIn(part),
    // Elsewhere than in a file of SQL, such as in a string of Python, lines cannot be counted on.
    line: line !== null && file.endsWith('.sql') ? line + tree.line + part.line - 2 : line,
    waivers: speakingOf(part.line),
    path: part.path,
    unseen: part.kind === 'unseen' ? part.unseen : null,
  }))
  return [{ ...statement, waivers: speakingOf(null) }, ...inside]
}

/** For each comment inside a block that speaks of one place of it, by its line: the line of that place. */
function findTargets(sql: string, parts: readonly BlockPart[]): ReadonlyMap<number, number> {
  const places = parts
    .map(part => ({ line: part.line, sql: part.kind === 'statement' ? part.statement.sql : '' }))
    .sort((a, b) => a.line - b.line)
  return new Map(readDirectives(sql, places).flatMap(({ line, at }) => (at === null ? [] : [[line, at]])))
}

/** A statement without a type stands for what is not seen, since no rule has anything to say of it. */
function standIn({ line }: BlockPart): ParsedSql {
  const facts = { tables: [], transactional: true, preparable: true, control: false, reason: '' }
  return { ...facts, sql: '', line, type: '', node: {} }
}
