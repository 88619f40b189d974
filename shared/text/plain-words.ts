/** A number with its noun: "1 tenant", "3 tenants". */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** Names in a row, the rest as a number: "ash, birch and 3 more". */
export function listNames(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(toOneLine)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

/** A duration as a person says it: "340 ms", "9.4 s", "2 min 5 s". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  // 59.96 s must not become "60.0 s".
  if (milliseconds < 59_950) return `${(milliseconds / 1_000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Bytes as a person says them; unknown is not zero. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return 'unknown'
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/**
 * Text that stays on its line and cannot steer a terminal: names and messages come from databases,
 * and an escape sequence or a line break in them must not write on a person's screen.
 */
export function toOneLine(text: string): string {
  if (isOneLine(text)) return text.trim()
  let line = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    line += isControl(code) ? ' ' : character
  }
  return line.replace(/ {2,}/g, ' ').trim()
}

/** Nearly every text is one already, and a large log has many. */
function isOneLine(text: string): boolean {
  let before = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (isControl(code) || (code === 0x20 && before === 0x20)) return false
    before = code
  }
  return true
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && isDirectionMark(code))
}

/** Marks that turn the writing direction can make a line read as something else. */
function isDirectionMark(code: number): boolean {
  return (
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0x2028 ||
    code === 0x2029
  )
}

/** The start of a text, on one line. */
export function shortenText(text: string, length: number): string {
  const line = toOneLine(text)
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`
}

/** Revisions as Alembic's users read them; nothing yet is `base`. */
export function formatHeads(heads: readonly string[]): string {
  return heads.length === 0 ? 'base' : heads.map(toOneLine).join(' + ')
}

/** Who is meant by everybody, where closed databases are passed over, and the sentence that names those. */
export function describeEverybody(closed: readonly string[]): {
  readonly every: string
  readonly others: string
} {
  if (closed.length === 0) return { every: 'every tenant', others: '' }
  const names = listNames(closed, 10)
  const others = ` Passed over, as ${closed.length === 1 ? 'it is' : 'they are'} closed: ${names}.`
  return { every: 'every tenant that takes connections', others }
}
