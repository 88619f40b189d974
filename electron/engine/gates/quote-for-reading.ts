/** Quotes a name in a statement that a person will copy; plain names stay plain. */
export function quoteForReading(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** Quotes a text in a statement that a person will copy. */
export function quoteTextForReading(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
