/**
 * Text as every report can hold it: no escape sequences, no control characters but tab and line feed,
 * nothing that XML 1.0 forbids, and at most so many characters.
 */
export function cleanText(text: string, most: number): string {
  // Of a text of megabytes only the beginning is looked at.
  const start = text.slice(0, most * 2)
  const clean = dropControls(start)
  if (clean.length <= most && start.length === text.length) return clean
  const shown = clean.slice(0, most)
  const last = shown.charCodeAt(shown.length - 1)
  // Half of a pair is not a character.
  const whole = last >= 0xd800 && last <= 0xdbff ? shown.slice(0, -1) : shown
  return `${whole}… (${Math.max(1, text.length - whole.length)} more characters)`
}

function dropControls(text: string): string {
  let clean = ''
  let from = 0
  let index = 0
  while (index < text.length) {
    if (isPlain(text.charCodeAt(index))) {
      index += 1
      continue
    }
    clean += text.slice(from, index)
    const code = text.codePointAt(index) ?? 0
    if (code === 0x1b || code === 0x9b) index = skipSequence(text, index)
    else {
      clean += standFor(code, text, index)
      index += code > 0xffff ? 2 : 1
    }
    from = index
  }
  return clean + text.slice(from)
}

/** Nearly every character stands for itself. */
function isPlain(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 0x0a || (code >= 0xa0 && code < 0x202a)
}

/** The place after an escape sequence: of a terminal's colours, of a title or link, or of one letter. */
function skipSequence(text: string, start: number): number {
  const isShort = text.charCodeAt(start) === 0x9b
  const kind = isShort ? '[' : text.charAt(start + 1)
  let index = start + (isShort ? 1 : 2)
  if (kind === '[') {
    while (index < text.length && isParameter(text.charCodeAt(index))) index += 1
    return index + 1
  }
  if (kind !== ']') return index
  while (index < text.length && text.charCodeAt(index) !== 0x07 && text.charCodeAt(index) !== 0x1b) index += 1
  return text.charCodeAt(index) === 0x1b ? index + 2 : index + 1
}

function isParameter(code: number): boolean {
  return code >= 0x20 && code <= 0x3f
}

function standFor(code: number, text: string, index: number): string {
  if (code === 0x0d) return text.charAt(index + 1) === '\n' ? '' : '\n'
  if (code === 0x09 || code === 0x0a) return String.fromCharCode(code)
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return ' '
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return ''
  if ((code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) return '\ufffd'
  return String.fromCodePoint(code)
}
