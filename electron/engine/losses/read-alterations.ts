import { readNode, readNodes, readText } from '../../sql/syntax-node.ts'
import type { ParsedSql, SqlParser } from '../ports/sql-parser.ts'

/** What a statement does to the types of columns. */
export interface Alteration {
  /** It is one ALTER TABLE, which keeps the rows of what it rewrites. */
  readonly isAlterTable: boolean
  /** Columns to which it gives a type by an expression of its own, by name; of ALTER TABLE and of those inside a block. */
  readonly computed: ReadonlySet<string>
  /** It runs code that may do so too, and that is not seen. */
  readonly isUnseen: boolean
}

/** Reads from the parse trees of statements what they do to the types of columns; one answer for each. */
export async function readAlterations(
  parser: SqlParser,
  statements: readonly { readonly sql: string }[],
): Promise<readonly Alteration[]> {
  const found: Alteration[] = []
  for (const { sql } of statements) found.push(await readAlteration(parser, sql))
  return found
}

async function readAlteration(parser: SqlParser, sql: string): Promise<Alteration> {
  const parsed = await parser.parse(sql)
  const [first] = parsed
  const computed = new Set(parsed.flatMap(listComputed))
  let isUnseen = parsed.some(({ type, problem }) => type === 'CallStmt' || problem !== undefined)
  for (const statement of parsed.filter(({ type }) => type === 'DoStmt')) {
    const block = await parser.readBlock(statement.sql)
    if (block.kind === 'unread') isUnseen = true
    else
      for (const part of block.parts) {
        if (part.kind === 'unseen') isUnseen = true
        else for (const column of listComputed(part.statement)) computed.add(column)
      }
  }
  return {
    isAlterTable: parsed.length === 1 && first !== undefined && altersTable(first),
    computed,
    isUnseen,
  }
}

function altersTable({ type, node }: ParsedSql): boolean {
  return type === 'AlterTableStmt' && readText(node, 'objtype') === 'OBJECT_TABLE'
}

function listComputed(statement: ParsedSql): readonly string[] {
  if (!altersTable(statement)) return []
  return readNodes(statement.node, 'cmds').flatMap(item => {
    const command = readNode(item, 'AlterTableCmd')
    // The grammar keeps what stands after USING as the column's default.
    const isComputed = 'raw_default' in readNode(readNode(command, 'def'), 'ColumnDef')
    return command.subtype === 'AT_AlterColumnType' && isComputed ? (readText(command, 'name') ?? []) : []
  })
}
