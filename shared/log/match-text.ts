import type { LogQuery } from '../api/log-line.ts'

/** A pattern to look for, or why there is none. */
export type TextPattern = { readonly source: string; readonly flags: string } | { readonly problem: string }

/** What a word is made of, in any script; the gaps are punctuation. */
const letter = '[\\w\\u00c0-\\u1fff\\u2c00-\\u2dff\\u3040-\\uffff]'

/**
 * The regular expression of a query. Only with `isRegex` can it be a slow one: everything else is matched in linear time.
 *
 * @example
 * toPattern({ text: 'lock (', matchCase: false, wholeWord: false, isRegex: false })
 * // { source: 'lock \\(', flags: 'gi' }
 */
export function toPattern(query: LogQuery): TextPattern {
  const { text, isRegex, matchCase, wholeWord } = query
  if (text === '') return { problem: 'there is nothing to look for' }
  if (isRegex) {
    const problem = findProblem(text)
    if (problem !== null) return { problem }
  }
  const inner = isRegex ? `(?:${text})` : escapePattern(text)
  const source = wholeWord ? `(?<!${letter})${inner}(?!${letter})` : inner
  return { source, flags: matchCase ? 'g' : 'gi' }
}

/** Stretches of a text that a pattern matches, for marking them: start and end. Empty matches are left out. */
export function findStretches(text: string, query: LogQuery): readonly (readonly [number, number])[] {
  const pattern = toPattern(query)
  if ('problem' in pattern) return []
  const stretches: (readonly [number, number])[] = []
  for (const match of text.matchAll(new RegExp(pattern.source, pattern.flags))) {
    if (match[0] !== '') stretches.push([match.index, match.index + match[0].length])
  }
  return stretches
}

function findProblem(text: string): string | null {
  try {
    new RegExp(text)
    return null
  } catch (error) {
    // V8 says "Invalid regular expression: /(/: Unterminated group"; the pattern itself is in front of the reader.
    const words = error instanceof Error ? error.message.split(': ').at(-1) : undefined
    return `the pattern cannot be used: ${(words ?? 'it is malformed').toLowerCase()}`
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
