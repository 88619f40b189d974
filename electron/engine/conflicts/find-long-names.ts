import { shortenText } from '../../../shared/text/plain-words.ts'
import type { Conflict } from './conflict.ts'
import type { RouteStep } from './route-statement.ts'

/** What PostgreSQL keeps of a name: NAMEDATALEN is 64, with a byte for the end. */
const mostBytes = 63

/** Names that PostgreSQL cuts, and those that are then the same as another. */
export function findLongNames(steps: readonly RouteStep[]): readonly Conflict[] {
  const found: Conflict[] = []
  const seen = new Map<string, string>()
  for (const { statements } of steps) {
    for (const { sql, revision, index, place } of statements) {
      for (const name of readLongNames(sql)) {
        const kept = cutName(name)
        const other = seen.get(kept)
        if (other === name) continue
        seen.set(kept, other ?? name)
        const at = { revision, statement: index, place, objects: [name] }
        const shown = shortenText(name, 100)
        if (other === undefined) {
          const bytes = countBytes(name)
          const message = `the name ${shown} has ${bytes} bytes and becomes ${kept}`
          found.push({ ...at, rule: 'long_name', severity: 'warning', message })
        } else {
          const message = `the names ${shortenText(other, 100)} and ${shown} both become ${kept}`
          found.push({ ...at, rule: 'long_names_clash', severity: 'warning', message })
        }
      }
    }
  }
  return found
}

/** Names in a text of SQL that are too long; what stands in literals and comments is no name. */
export function readLongNames(sql: string): readonly string[] {
  const names: string[] = []
  for (const [token] of sql.matchAll(tokens)) {
    const first = token.charAt(0)
    if (first === "'" || first === '$' || token.startsWith('--') || token.startsWith('/*')) continue
    // What is not quoted is read in small letters.
    const name = first === '"' ? token.slice(1, -1).replaceAll('""', '"') : token.toLowerCase()
    if (name.length * 4 > mostBytes && countBytes(name) > mostBytes) names.push(name)
  }
  return [...new Set(names)]
}

const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g

/** The name as the server keeps it: no character is cut in two. */
function cutName(name: string): string {
  let kept = ''
  let bytes = 0
  for (const character of name) {
    bytes += countBytes(character)
    if (bytes > mostBytes) break
    kept += character
  }
  return kept
}

function countBytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
