/** A piece of a line of prose. */
export interface ProsePiece {
  readonly kind: 'text' | 'code' | 'strong' | 'emphasis'
  readonly text: string
}

/** A part of prose that stands by itself. */
export type ProseBlock =
  | { readonly kind: 'heading' | 'paragraph' | 'quote'; readonly pieces: readonly ProsePiece[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly ProsePiece[])[] }
  | { readonly kind: 'code'; readonly text: string }

const fence = /^ {0,3}(`{3,}|~{3,})/
const heading = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/
const listItem = /^\s*(?:([-*+])|\d{1,9}[.)])\s+(.*)$/
const quoted = /^ {0,3}>\s?(.*)$/

/** Reads the little of Markdown that a runbook needs: paragraphs, lists, headings, quotes and code; all else stays text. */
export function parseProse(markdown: string): readonly ProseBlock[] {
  const lines = markdown.split(/\r?\n/)
  const blocks: ProseBlock[] = []
  for (let at = 0; at < lines.length; ) {
    const [block, next] = readBlock(lines, at)
    if (block !== null) blocks.push(block)
    at = next
  }
  return blocks
}

/** The block that begins in a line, and the line after it. */
function readBlock(lines: readonly string[], at: number): readonly [ProseBlock | null, number] {
  const line = lines[at] ?? ''
  if (line.trim() === '') return [null, at + 1]
  const marks = fence.exec(line)?.[1]
  if (marks !== undefined) return readCode(lines, at + 1, marks)
  const title = heading.exec(line)?.[1]
  if (title !== undefined) return [{ kind: 'heading', pieces: parsePieces(title) }, at + 1]
  if (listItem.test(line)) return readList(lines, at)
  const isQuote = quoted.test(line)
  const text = [isQuote ? (quoted.exec(line)?.[1] ?? '') : line.trim()]
  let next = at + 1
  for (; next < lines.length; next += 1) {
    const one = lines[next] ?? ''
    if (one.trim() === '' || quoted.test(one) !== isQuote || startsBlock(one)) break
    text.push(isQuote ? (quoted.exec(one)?.[1] ?? '') : one.trim())
  }
  return [{ kind: isQuote ? 'quote' : 'paragraph', pieces: parsePieces(text.join(' ')) }, next]
}

function startsBlock(line: string): boolean {
  return fence.test(line) || heading.test(line) || listItem.test(line)
}

function readCode(lines: readonly string[], from: number, marks: string): readonly [ProseBlock, number] {
  const isEnd = (line: string): boolean => line.trim().startsWith(marks) && line.trim().length >= marks.length
  const end = lines.findIndex((line, index) => index >= from && isEnd(line))
  const last = end === -1 ? lines.length : end
  return [{ kind: 'code', text: lines.slice(from, last).join('\n') }, last + 1]
}

/** Items of one list; a line that is indented under an item goes on with it. */
function readList(lines: readonly string[], from: number): readonly [ProseBlock, number] {
  const isOrdered = listItem.exec(lines[from] ?? '')?.[1] === undefined
  const items: string[] = []
  let at = from
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const item = listItem.exec(line)
    if (item !== null) {
      if ((item[1] === undefined) !== isOrdered) break
      items.push(item[2] ?? '')
    } else if (line.trim() !== '' && !fence.test(line) && !heading.test(line) && !quoted.test(line)) {
      items.push(`${items.pop() ?? ''} ${line.trim()}`)
    } else break
  }
  return [{ kind: 'list', isOrdered, items: items.map(parsePieces) }, at]
}

/** Code, strong and emphasized words of a line; what is not closed stays as it is written. */
export function parsePieces(text: string): readonly ProsePiece[] {
  const pieces: ProsePiece[] = []
  const marked =
    /`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|(?<!\w)_([^_\s][^_]*)_(?!\w)/g
  let from = 0
  for (const found of text.matchAll(marked)) {
    if (found.index > from) pieces.push({ kind: 'text', text: text.slice(from, found.index) })
    const [whole, code, strong, ...emphasis] = found
    if (code !== undefined) pieces.push({ kind: 'code', text: code })
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong })
    else pieces.push({ kind: 'emphasis', text: emphasis.find(one => one !== undefined) ?? '' })
    from = found.index + whole.length
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) })
  return pieces
}
