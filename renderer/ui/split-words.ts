/** What a person wrote into one field as several names, with spaces or commas between them. */
export function splitWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}
