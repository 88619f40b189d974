/** One word of a shell, whatever a name holds. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_.:/@-]+$/.test(word) && !word.startsWith('-')
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`
}
