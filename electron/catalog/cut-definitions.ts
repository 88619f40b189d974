import type { ObjectDifference } from '../../shared/analysis/schema-class.ts'

const mostCharacters = 4_000
const before = 200

/** Keeps long definitions, such as the body of a function, to the part where they begin to differ. */
export function cutDefinitions(difference: ObjectDifference): ObjectDifference {
  const { expected, found } = difference
  const from = expected !== null && found !== null ? firstDifference(expected, found) : 0
  return { ...difference, expected: cutText(expected, from), found: cutText(found, from) }
}

function cutText(text: string | null, from: number): string | null {
  if (text === null || text.length <= mostCharacters) return text
  const start = Math.max(0, from - before)
  const part = text.slice(start, start + mostCharacters)
  return `${start > 0 ? '… ' : ''}${part}${start + part.length < text.length ? ' …' : ''}`
}

function firstDifference(a: string, b: string): number {
  let index = 0
  while (index < a.length && a[index] === b[index]) index += 1
  return index
}
