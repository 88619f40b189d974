const segmenter = new Intl.Segmenter()

/** Columns that a text takes on a terminal. */
export function measureText(text: string): number {
  if (isPlainAscii(text)) return text.length
  let columns = 0
  for (const { segment } of segmenter.segment(text)) columns += measureGrapheme(segment)
  return columns
}

/** The start of a text that fits into so many columns, with an ellipsis when something is left out. */
export function fitText(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (measureText(text) <= columns) return text
  let fitted = ''
  let taken = 0
  for (const { segment } of segmenter.segment(text)) {
    const width = measureGrapheme(segment)
    if (taken + width > columns - 1) break
    fitted += segment
    taken += width
  }
  return `${fitted}…`
}

/** A text with spaces after it, up to so many columns. */
export function padText(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - measureText(text)))
}

function isPlainAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** East Asian wide characters and emoji take two columns. */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u

function measureGrapheme(grapheme: string): number {
  if (/^\p{Mark}+$/u.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}
