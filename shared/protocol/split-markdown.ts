import { nearestKey } from '../config/nearest-key.ts'

/** A piece of a file with the number of lines before it. */
export interface TextPiece {
  readonly text: string
  readonly linesBefore: number
}

/** A heading with the prose under it, up to the next heading; settings are left out of the prose. */
export interface MarkdownSection {
  /** Empty for what stands before the first heading. */
  readonly heading: string
  readonly level: number
  readonly line: number
  readonly prose: string
}

/** What a protocol is made of. */
export interface MarkdownParts {
  readonly frontMatter: TextPiece | null
  readonly sections: readonly MarkdownSection[]
  readonly blocks: readonly TextPiece[]
}

/** What cannot be read, and in which line. */
export interface MarkdownProblem {
  readonly line: number
  readonly problem: string
}

const blockKind = 'lockstep'
const fenceStart = /^( *)(`{3,}|~{3,})\s*([^`]*)$/
const hiddenBlock = /^[\s>*+\-\d.)]+(`{3,}|~{3,})\s*lockstep\s*$/i
const headingLine = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/

interface Fence {
  readonly marks: string
  readonly isSettings: boolean
  readonly line: number
}

/**
 * Takes a protocol apart: front matter, headings with their prose, and the blocks of kind `lockstep`.
 *
 * What looks like a block and would not be read as one is a problem: settings that are silently left out are worse than none.
 */
export function splitMarkdown(text: string): MarkdownParts | MarkdownProblem {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const front = readFrontMatter(lines)
  if ('problem' in front) return front
  const sections: MarkdownSection[] = [{ heading: '', level: 0, line: 1, prose: '' }]
  const blocks: TextPiece[] = []
  let fence: Fence | null = null
  let comment: number | null = null
  let settings: string[] = []
  let prose: string[] = []
  const endSection = (): void => {
    const last = sections.pop()
    if (last) sections.push({ ...last, prose: prose.join('\n').trim() })
    prose = []
  }
  for (let index = front.next; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const number = index + 1
    if (fence) {
      if (isSwallowed(line, fence))
        return {
          line: number,
          problem: `a block of settings within the block that begins in line ${fence.line}: close that one first`,
        }
      if (isFenceEnd(line, fence)) {
        if (fence.isSettings) blocks.push({ text: settings.join('\n'), linesBefore: fence.line })
        else prose.push(line)
        fence = null
      } else if (fence.isSettings) settings.push(line)
      else prose.push(line)
      continue
    }
    if (comment !== null || /^ {0,3}<!--/.test(line)) {
      comment ??= number
      if (line.includes('-->')) comment = null
      continue
    }
    const opening = fenceStart.exec(line)
    if (opening && (opening[1]?.length ?? 0) <= 3) {
      const marks = opening[2] ?? ''
      const kind = readKind(opening[3] ?? '')
      if (typeof kind === 'string') return { line: number, problem: kind }
      if (kind.isSettings && opening[1] !== '')
        return { line: number, problem: 'a block of settings begins at the start of its line' }
      if (kind.isSettings && sections.length === 1)
        return {
          line: number,
          problem: 'a block of settings stands under a heading that says what it is for',
        }
      fence = { marks, isSettings: kind.isSettings, line: number }
      settings = []
      if (!kind.isSettings) prose.push(line)
      continue
    }
    if (hiddenBlock.test(line))
      return { line: number, problem: 'a block of settings begins at the start of its line' }
    const heading = headingLine.exec(line)
    if (heading) {
      endSection()
      sections.push({
        heading: heading[2] ?? '',
        level: heading[1]?.length ?? 1,
        line: number,
        prose: '',
      })
    } else prose.push(line)
  }
  if (fence) return { line: fence.line, problem: `this block has no end: close it with ${fence.marks}` }
  if (comment !== null) return { line: comment, problem: 'this comment has no end: close it with -->' }
  endSection()
  return { frontMatter: front.piece, sections, blocks }
}

function readFrontMatter(
  lines: readonly string[],
): { readonly piece: TextPiece | null; readonly next: number } | MarkdownProblem {
  if (lines[0]?.trimEnd() !== '---') return { piece: null, next: 0 }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
  if (end < 0) return { line: 1, problem: 'the front matter has no end: close it with ---' }
  return { piece: { text: lines.slice(1, end).join('\n'), linesBefore: 1 }, next: end + 1 }
}

function isFenceEnd(line: string, { marks }: Fence): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1]
  return end !== undefined && end[0] === marks[0] && end.length >= marks.length
}

/** A block of settings that an unclosed one would take in; a longer fence shows one on purpose. */
function isSwallowed(line: string, { marks }: Fence): boolean {
  const inner = /^ {0,3}(`{3,}|~{3,})\s*lockstep\s*$/i.exec(line)?.[1]
  return inner !== undefined && inner[0] === marks[0] && inner.length >= marks.length
}

/** Whether a block holds settings, or in words why that cannot be said. */
function readKind(info: string): { readonly isSettings: boolean } | string {
  const words = info.trim().split(/\s+/)
  const [first = ''] = words
  if (first === blockKind && words.length === 1) return { isSettings: true }
  if (words.some(word => word.toLowerCase() === blockKind))
    return `a block of settings is of kind \`${blockKind}\` and nothing else: found \`${info.trim()}\``
  if (first !== '' && nearestKey(first, [blockKind]) !== null)
    return `unknown kind of block \`${first}\`: did you mean \`${blockKind}\`?`
  return { isSettings: false }
}
