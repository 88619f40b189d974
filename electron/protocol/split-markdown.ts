import { nearestKey } from '../lib/nearest-key.ts'

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
const fenceStart = /^( {0,3})(`{3,}|~{3,})\s*([^`]*)$/
const fenceOnly = /^ {0,3}(`{3,}|~{3,})\s*$/
const settingsFence = /^[\s>*+\-\d.)]*(`{3,}|~{3,})\s*lockstep\s*$/i
const headingLine = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/
const notAtStart = 'a block of settings begins at the start of its line'

/** A block that is open. */
interface Fence {
  readonly marks: string
  readonly isSettings: boolean
  readonly line: number
}

/** How far a file has been read: within a block, within a comment, or in prose. */
interface Reading {
  readonly sections: MarkdownSection[]
  readonly blocks: TextPiece[]
  prose: string[]
  settings: string[]
  fence: Fence | null
  /** The line in which an open comment began. */
  comment: number | null
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
  const reading: Reading = {
    sections: [{ heading: '', level: 0, line: 1, prose: '' }],
    blocks: [],
    prose: [],
    settings: [],
    fence: null,
    comment: null,
  }
  for (let index = front.next; index < lines.length; index += 1) {
    const problem = readLine(reading, lines[index] ?? '', index + 1)
    if (problem !== null) return { line: index + 1, problem }
  }
  const { fence, comment, sections, blocks } = reading
  if (fence) return { line: fence.line, problem: `this block has no end: close it with ${fence.marks}` }
  if (comment !== null) return { line: comment, problem: 'this comment has no end: close it with -->' }
  endSection(reading)
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

/** Takes one more line in; says what is wrong with it, or null. */
function readLine(reading: Reading, line: string, number: number): string | null {
  if (reading.fence) return readWithin(reading, reading.fence, line)
  if (reading.comment !== null || /^ {0,3}<!--/.test(line)) {
    reading.comment = line.includes('-->') ? null : (reading.comment ?? number)
    return null
  }
  const opening = fenceStart.exec(line)
  if (opening) return openFence(reading, opening, number)
  if (settingsFence.test(line)) return notAtStart
  const heading = headingLine.exec(line)
  if (heading) {
    endSection(reading)
    const [, marks = '#', title = ''] = heading
    reading.sections.push({ heading: title, level: marks.length, line: number, prose: '' })
  } else reading.prose.push(line)
  return null
}

function readWithin(reading: Reading, fence: Fence, line: string): string | null {
  if (closes(fenceOnly.exec(line)?.[1], fence)) {
    if (fence.isSettings) reading.blocks.push({ text: reading.settings.join('\n'), linesBefore: fence.line })
    else reading.prose.push(line)
    reading.fence = null
    return null
  }
  // A longer fence, or one of the other kind, shows a block on purpose.
  if (closes(settingsFence.exec(line)?.[1], fence))
    return `a block of settings within the block that begins in line ${fence.line}: close that one first`
  if (fence.isSettings) reading.settings.push(line)
  else reading.prose.push(line)
  return null
}

function openFence(reading: Reading, opening: RegExpExecArray, number: number): string | null {
  const [line, indent = '', marks = '', info = ''] = opening
  const kind = readKind(info)
  if (typeof kind === 'string') return kind
  if (kind.isSettings && indent !== '') return notAtStart
  if (kind.isSettings && reading.sections.length === 1)
    return 'a block of settings stands under a heading that says what it is for'
  reading.fence = { marks, isSettings: kind.isSettings, line: number }
  reading.settings = []
  if (!kind.isSettings) reading.prose.push(line)
  return null
}

function endSection(reading: Reading): void {
  const last = reading.sections.pop()
  if (last) reading.sections.push({ ...last, prose: reading.prose.join('\n').trim() })
  reading.prose = []
}

function closes(marks: string | undefined, fence: Fence): boolean {
  return marks !== undefined && marks[0] === fence.marks[0] && marks.length >= fence.marks.length
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
