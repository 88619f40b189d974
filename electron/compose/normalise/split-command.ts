/** What is open while a command is read: quotes inside back-quotes count, as Compose has it. */
interface Open {
  readonly quote: '"' | "'" | '(' | null
  readonly isBackQuoted: boolean
}

const closed: Open = { quote: null, isBackQuoted: false }

/** Splits a shell-form command as Compose does (quotes, backslashes, an end at `;`, `&`, `|`, `<`, `>`); null when something stays open. */
export function splitCommand(text: string): readonly string[] | null {
  const words: string[] = []
  let word: string | null = null
  let open = closed
  let isEscaped = false
  for (const character of text) {
    const isOpen = open.quote !== null || open.isBackQuoted
    if (isEscaped) {
      word = (word ?? '') + character
      isEscaped = false
    } else if (character === '\\' && open.quote !== "'") {
      isEscaped = true
    } else if (!isOpen && isSpace(character)) {
      if (word !== null) words.push(word)
      word = null
    } else if (!isOpen && endsCommand(character)) {
      // A number before `>` is a file descriptor, not a word.
      if (character === '>' && word !== null && /^[0-9]/.test(word)) word = null
      break
    } else {
      const next = turn(open, character, word ?? '')
      if (next === 'unbalanced') return null
      const isQuoteMark = next !== open && (character === '"' || character === "'")
      word = (word ?? '') + (isQuoteMark ? '' : character)
      open = next
    }
  }
  if (isEscaped || open.quote !== null || open.isBackQuoted) return null
  return word === null ? words : [...words, word]
}

/** What is open behind a character. */
function turn(open: Open, character: string, word: string): Open | 'unbalanced' {
  const { quote, isBackQuoted } = open
  const isFree = quote === null && !isBackQuoted
  switch (character) {
    case '`':
      return quote === null ? { quote, isBackQuoted: !isBackQuoted } : open
    case '"':
    case "'":
      if (quote === null) return { quote: character, isBackQuoted }
      return quote === character ? { quote: null, isBackQuoted } : open
    case '(':
      if (quote === '(') return 'unbalanced'
      if (!isFree) return open
      return word.endsWith('$') ? { quote: '(', isBackQuoted } : 'unbalanced'
    case ')':
      if (quote === '(') return closed
      // Compose takes a closing parenthesis for an opening one here; so does this reader, to agree with it.
      return isFree ? { quote: '(', isBackQuoted } : open
    default:
      return open
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n'
}

function endsCommand(character: string): boolean {
  return ';&|<>'.includes(character)
}
