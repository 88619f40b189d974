/** The names that stand in a text of code, in small letters, whatever its language is. */
export interface BodyWords {
  /** What stands before a parenthesis. */
  readonly called: ReadonlySet<string>
  /** Every name, quoted or not. */
  readonly named: ReadonlySet<string>
  /** What is taken out of something by a dot: `(t).total` calls a function as well. */
  readonly picked: ReadonlySet<string>
  /** Names of what rows are written to. */
  readonly written: ReadonlySet<string>
  /** Whether words stand there that write rows or change a table. */
  readonly writes: boolean
}

/** Reads the names of a text without parsing it; those in comments and strings count as well. */
export function readBodyWords(text: string): BodyWords {
  const forms = unfoldText(text)
  return {
    called: collect(forms, /("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*\(/gu),
    named: collect(forms, /("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/gu),
    picked: collect(forms, /\.\s*("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/gu),
    written: collect(
      forms,
      /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?(?:(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*\.\s*)?("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/gu,
    ),
    writes:
      /\b(insert\s+into|update|delete\s+from|merge\s+into|truncate|copy|refresh|reindex|alter\s+table)\b/.test(
        forms,
      ),
  }
}

/** A text in small letters, and once more as the server reads it: without comments, and with strings that are joined. */
export function unfoldText(text: string): string {
  const lower = text.toLowerCase()
  const bare = lower
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--[^\n]*/g, ' ')
    .replace(/'\s*\|\|\s*e?'/g, '')
  return bare === lower ? lower : `${lower}\n;\n${bare}`
}

function collect(text: string, pattern: RegExp): ReadonlySet<string> {
  const names = [...text.matchAll(pattern)].map(([, name = '']) => name)
  return new Set(names.map(name => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)))
}
