const longest = 4_000
const hidden = '***'

/** What a password looks like in SQL: a literal of its own, or a part of a connection string inside one. */
const passwords: readonly (readonly [pattern: RegExp, stand: string])[] = [
  [/(\bpassword=)''[^']+''/gi, `$1''${hidden}''`],
  [/(\bpassword\s*=?\s*)(?:e'(?:[^'\\]|''|\\[\s\S])*'|(?:u&)?'(?:[^']|'')*')/gi, `$1'${hidden}'`],
  [/(\bpassword\s*=?\s*)\$(\w*)\$[\s\S]*?\$\2\$/gi, `$1'${hidden}'`],
  [/(\bpassword=)[^\s'"$]+/gi, `$1${hidden}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/'"]*:)[^\s@/'"]+(?=@)/gi, `$1${hidden}`],
]

/** SQL without the passwords that stand in it. */
export function hidePasswords(sql: string): string {
  return passwords.reduce((text, [pattern, stand]) => text.replace(pattern, stand), sql)
}

/** SQL as it may enter the log: passwords blanked, very long text cut with its length said. */
export function redactSql(sql: string): string {
  const redacted = hidePasswords(sql)
  return redacted.length <= longest
    ? redacted
    : `${redacted.slice(0, longest)} ... (${redacted.length} characters)`
}
