import { diffArrays, diffWordsWithSpace } from 'diff'

/** A piece of a line; changed pieces are marked inside changed lines. */
export interface DiffSpan {
  readonly text: string
  readonly isChanged: boolean
}

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  /** Line numbers from 1; null on the side where the line is not. */
  readonly left: number | null
  readonly right: number | null
  readonly spans: readonly DiffSpan[]
}

/** Lines that differ with a few around them, and gaps of lines that are the same and folded. */
export type DiffBlock =
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] }
  | { readonly kind: 'gap'; readonly lines: readonly DiffLine[] }

/** Both sides of one row, for the view beside each other. */
export interface DiffPair {
  readonly left: DiffLine | null
  readonly right: DiffLine | null
}

const longest = 2_000

/** Compares line by line, and word by word inside of lines that changed; null when the two are too different to compare in time. */
export function compareSql(left: string, right: string, timeout = 800): readonly DiffLine[] | null {
  const changes = diffArrays(left.split('\n'), right.split('\n'), { timeout })
  if (changes === undefined) return null
  const lines: DiffLine[] = []
  let leftLine = 1
  let rightLine = 1
  for (const [index, { value, added, removed }] of changes.entries()) {
    const partner = added ? changes[index - 1] : removed ? changes[index + 1] : undefined
    const isPaired = partner !== undefined && (added ? partner.removed : partner.added)
    for (const [place, text] of value.entries()) {
      const other = isPaired ? partner.value[place] : undefined
      const kind = added ? 'added' : removed ? 'removed' : 'same'
      lines.push({
        kind,
        left: added ? null : leftLine++,
        right: removed ? null : rightLine++,
        spans: other === undefined || kind === 'same' ? [whole(text)] : markWords(text, other, kind),
      })
    }
  }
  return lines
}

/** Folds what is the same on both sides, but for a few lines around each change. */
export function foldSame(lines: readonly DiffLine[], around = 3): readonly DiffBlock[] {
  const isNear = new Array<boolean>(lines.length).fill(false)
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    isNear.fill(true, Math.max(0, index - around), Math.min(lines.length, index + around + 1))
  }
  const parts: { kind: 'lines' | 'gap'; lines: DiffLine[] }[] = []
  for (const [index, line] of lines.entries()) {
    const kind = isNear[index] ? 'lines' : 'gap'
    const last = parts.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else parts.push({ kind, lines: [line] })
  }
  return parts
}

/** Puts removed lines beside the added ones that took their place. */
export function pairLines(lines: readonly DiffLine[]): readonly DiffPair[] {
  const pairs: DiffPair[] = []
  let removed: DiffLine[] = []
  const flush = (): void => {
    pairs.push(...removed.map(line => ({ left: line, right: null })))
    removed = []
  }
  for (const line of lines) {
    if (line.kind === 'removed') removed.push(line)
    else if (line.kind === 'added') pairs.push({ left: removed.shift() ?? null, right: line })
    else {
      flush()
      pairs.push({ left: line, right: line })
    }
  }
  flush()
  return pairs
}

function markWords(text: string, other: string, kind: 'added' | 'removed'): readonly DiffSpan[] {
  if (text.length > longest || other.length > longest) return [whole(text)]
  const words = kind === 'added' ? diffWordsWithSpace(other, text) : diffWordsWithSpace(text, other)
  return words.flatMap(({ value, added, removed }) =>
    (kind === 'added' ? removed : added) ? [] : [{ text: value, isChanged: added || removed }],
  )
}

function whole(text: string): DiffSpan {
  return { text, isChanged: false }
}
