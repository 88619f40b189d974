import type { LogLine } from '../api/log-line.ts'

/** One line as text, for a download or the clipboard: time, level, source, tenant, text. */
export function describeLine(line: LogLine): string {
  const tenant = line.tenant === null ? '' : `  ${line.tenant}`
  return `${line.at}  ${line.level.padEnd(7)}  ${line.source.padEnd(9)}${tenant}  ${line.text}`
}
