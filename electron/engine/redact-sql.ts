const passwordLiteral = /\b(password\s+)(?:e|u&)?'(?:[^'\\]|''|\\.)*'/gi
const longest = 4_000

/** SQL as it may enter the log: password literals blanked, very long text cut with its length said. */
export function redactSql(sql: string): string {
  const redacted = sql.replace(passwordLiteral, "$1'***'")
  return redacted.length <= longest
    ? redacted
    : `${redacted.slice(0, longest)} ... (${redacted.length} characters)`
}
