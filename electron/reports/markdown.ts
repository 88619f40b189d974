import { cleanText } from './clean-text.ts'

const longestCell = 300

/** Text that stays text in Markdown, on one line. */
export function escapeMarkdown(text: string, most = longestCell): string {
  return escapeHtml(text, most).replace(/[\\`*_[\]{}#~|]/g, '\\$&')
}

/** Text that stays text inside a tag, where Markdown is not read, on one line. */
export function escapeHtml(text: string, most = longestCell): string {
  return cleanText(text, most)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .trim()
}

/** A table of at most so many rows, with a line that says how many are left out. */
export function writeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  mostRows: number,
): string {
  const shown = rows.slice(0, mostRows)
  const write = (cells: readonly string[]) => `| ${cells.map(cell => escapeMarkdown(cell)).join(' | ')} |\n`
  const left = rows.length - shown.length
  const rule = `|${head.map(() => ' --- |').join('')}\n`
  return `${write(head)}${rule}${shown.map(write).join('')}${left === 0 ? '' : `\nand ${left} more\n`}`
}

/** A block of code whose fence is longer than any in it. */
export function writeCode(text: string, language: string, most: number): string {
  const clean = cleanText(text, most)
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(run => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${clean}\n${fence}\n`
}

/** Parts as far as they fit into so many bytes of UTF-8, and a line that says when some did not. */
export function joinWithin(parts: readonly string[], mostBytes: number): string {
  const notice = '\nThe rest is cut off here: this page may not grow any longer.\n'
  const room = mostBytes - countBytes(notice)
  let used = 0
  const fitting: string[] = []
  for (const part of parts) {
    used += countBytes(part)
    if (used > room) {
      return mostBytes < countBytes(notice) ? '' : `${fitting.join('')}${notice}`
    }
    fitting.push(part)
  }
  return fitting.join('')
}

/** Length of a text in UTF-8. */
export function countBytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
