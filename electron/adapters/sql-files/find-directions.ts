import { type LineComment, listLineComments } from '../../sql/list-line-comments.ts'

/** A file of another tool, which keeps the upgrade and the downgrade in one file. */
export interface ForeignFile {
  /** Null where the markers are of no tool that is known here. */
  readonly tool: string | null
  /** Where the downgrade begins; where it has none, the first marker. */
  readonly line: number
  /** The marker as written, without the hyphens before it. */
  readonly marker: string
}

interface KnownTool {
  readonly tool: string
  readonly marker: RegExp
  /** Which of the markers begin the downgrade. */
  readonly down: RegExp
}

/** Tools whose files look like numbered SQL, by what stands in their comments. */
const knownTools: readonly KnownTool[] = [
  { tool: 'dbmate', marker: /^migrate\s*:\s*(?:up|down)(?![\w-])/i, down: /down/i },
  {
    tool: 'goose',
    marker: /^\+\s*goose\s+(?:up|down|statement\s*begin|statement\s*end|no\s+transaction|envsub)\b/i,
    down: /goose\s+down/i,
  },
  {
    tool: 'sql-migrate',
    marker: /^\+\s*migrate\s+(?:up|down|statement\s*begin|statement\s*end)\b/i,
    down: /migrate\s+down/i,
  },
  {
    tool: 'micrate',
    marker: /^\+\s*micrate\s+(?:up|down|statement\s*begin|statement\s*end)\b/i,
    down: /micrate\s+down/i,
  },
  { tool: 'rambler', marker: /^rambler\s+(?:up|down)\b/i, down: /down/i },
  {
    tool: 'Liquibase',
    marker: /^(?:liquibase\s+formatted\s+sql\b|changeset\s+\S+:\S)/i,
    down: /^rollback\b/i,
  },
  { tool: 'MyBatis Migrations (or dbdeploy)', marker: /^(?:\/\/\s*)?@\s*undo\b/i, down: /undo/i },
  { tool: 'Play (evolutions)', marker: /^[#\s-]*!\s*(?:ups|downs)\b/i, down: /downs/i },
  { tool: 'tern', marker: /^-*\s*create\s+above\s*\/\s*drop\s+below\b/i, down: /drop/i },
  { tool: 'node-pg-migrate', marker: /^(?:up|down)\s+migration\b/i, down: /^down/i },
  { tool: 'shmig', marker: /^=+\s*(?:up|down)\s*=+$/i, down: /down/i },
  { tool: 'Atlas', marker: /^atlas\s*:\s*txtar\b/i, down: /down\.sql/i },
]

/** Says which tool a file is written for, where it holds both directions or could; null for a file that only goes one way. */
export function findForeignFile(text: string): ForeignFile | null {
  const comments = listLineComments(text)
  return findKnownTool(comments) ?? findDirectionPair(text, comments)
}

function findKnownTool(comments: readonly LineComment[]): ForeignFile | null {
  for (const { tool, marker, down } of knownTools) {
    const first = comments.find(comment => marker.test(comment.text))
    if (!first) continue
    const isDown = ({ text }: LineComment): boolean =>
      down.test(text) && (marker.test(text) || tool === 'Liquibase')
    const shown = comments.find(isDown) ?? first
    return { tool, line: shown.line, marker: shown.text }
  }
  return null
}

/** Words for a direction; the first list goes before the second where a comment has a word of each. */
const upWords = [/^(?:ups?|upgrade|upwards?)$/, /^(?:migrate|migration|apply|deploy|do|forwards?)$/]
const downWords = [/^(?:downs?|downgrade|downwards?)$/, /^(?:rollback|undo|revert|unapply|backwards?)$/]

interface Direction {
  readonly way: 'up' | 'down'
  /** What else the comment says: the same words stand in the markers of both directions. */
  readonly rest: string
}

/** The markers of an unknown tool: one comment that says up, and another that says down in the same words, with SQL below it. */
function findDirectionPair(text: string, comments: readonly LineComment[]): ForeignFile | null {
  const marked = comments.flatMap(comment => {
    const direction = readDirection(comment.text)
    return direction ? [{ comment, ...direction }] : []
  })
  const down = marked.find(
    (one, index) =>
      one.way === 'down' &&
      marked.some(other => other.way === 'up' && other.rest === one.rest) &&
      hasCode(text, one.comment, marked[index + 1]?.comment),
  )
  return down ? { tool: null, line: down.comment.line, marker: down.comment.text } : null
}

/** A downgrade that is a note in comments is not run. */
function hasCode(text: string, from: LineComment, to: LineComment | undefined): boolean {
  const below = to
    ? text
        .split(/\r\n|\r|\n/)
        .slice(from.line, to.line - 1)
        .join('\n')
    : text.slice(from.end)
  return below.replace(/\/\*[\s\S]*?\*\/|--[^\n\r]*/g, '').trim() !== ''
}

/** A comment of more words is a sentence. */
const mostWords = 3

function readDirection(text: string): Direction | null {
  const words = text
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  if (words.length === 0 || words.length > mostWords) return null
  for (const index of [0, 1]) {
    for (const [way, lists] of [
      ['up', upWords],
      ['down', downWords],
    ] as const) {
      const at = words.findIndex(word => lists[index]?.test(word))
      if (at >= 0) return { way, rest: words.toSpliced(at, 1).join(' ') }
    }
  }
  return null
}
