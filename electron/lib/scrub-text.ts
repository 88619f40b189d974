/** What differs between two identical runs inside a sentence of the database or the system, and what stands for it. */
const volatileTexts: readonly (readonly [RegExp, string])[] = [
  [/\blockstep:[^\s"':]+:[^\s"']+/g, '<gid>'],
  [/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, '<run>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)?/g, '<time>'],
  [/(?:\b\d{1,3}(?:\.\d{1,3}){3}|\blocalhost|\[[0-9a-f:]+\]):\d{2,5}\b/gi, '<endpoint>'],
  [/\b(port|pid|process|transaction|xid|backend|oid)(:? +|=|: ?)\d+\b/gi, '$1$2<number>'],
  [/\bpg_(terminate|cancel)_backend\(\d+\)/g, 'pg_$1_backend(<number>)'],
  [/\b[0-9A-F]{1,8}\/[0-9A-F]{6,8}\b/g, '<lsn>'],
  [/(?<![\w.:/])(?:[A-Za-z]:)?[\\/](?:[\w.@+~-]+[\\/])+(?=[\w.@+~-])/g, '<path>/'],
]

/** Replaces what only this run, this machine or this moment put into a sentence. */
export function scrubText(text: string): string {
  return volatileTexts.reduce((scrubbed, [pattern, stand]) => scrubbed.replace(pattern, stand), text)
}
