/** What of a parser is wanted. */
interface IndexParser {
  parse(sql: string): Promise<readonly { readonly type: string; readonly node: unknown }[]>
}

/**
 * Whether a statement that makes an index would make one with the definition that a server prints.
 *
 * Both are read with PostgreSQL's own grammar. Where the server prints an expression in another way than it was written,
 * the answer is no.
 */
export async function makesSameIndex(
  parser: IndexParser,
  statement: string,
  printed: string,
): Promise<boolean> {
  const [asked, found] = await Promise.all([parser.parse(statement), parser.parse(printed)])
  if (asked.length !== 1 || found.length !== 1) return false
  const [one, other] = [asked[0], found[0]]
  if (one?.type !== 'IndexStmt' || other?.type !== 'IndexStmt') return false
  return describe(one.node) === describe(other.node)
}

/** What does not matter: where it stands in the text, how it is made, and words that say what holds anyway. */
const ignored: ReadonlySet<string> = new Set(['location', 'concurrent', 'if_not_exists', 'schemaname', 'inh'])

function describe(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (ignored.has(key)) return undefined
    if (value === 'SORTBY_ASC') return 'SORTBY_DEFAULT'
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const entries = Object.entries(value).map(
      ([name, one]) => [name, impliedNulls(name, one, value)] as const,
    )
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** Nulls come last in an ascending index and first in a descending one, whether or not that is written. */
function impliedNulls(name: string, value: unknown, { ordering }: { readonly ordering?: unknown }): unknown {
  if (name !== 'nulls_ordering') return value
  const implied = ordering === 'SORTBY_DESC' ? 'SORTBY_NULLS_FIRST' : 'SORTBY_NULLS_LAST'
  return value === implied ? 'SORTBY_NULLS_DEFAULT' : value
}
