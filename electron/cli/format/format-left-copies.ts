import { formatBytes } from '../../../shared/text/plain-words.ts'
import { describeCopy } from '../../app/describe-copy.ts'
import type { LeftCopy } from '../../app/ports/left-copies.ts'

/** Copies that are no longer needed, and how to remove them; nothing where there are none. */
export function formatLeftCopies(copies: readonly LeftCopy[]): string {
  if (copies.length === 0) return ''
  const lines = copies.map(copy => {
    const size = copy.bytes === null ? '' : ` (${formatBytes(copy.bytes)})`
    return `  ${describeCopy(copy)}${size}\n`
  })
  return `\nleft behind, and removed by lockstep recover:\n${lines.join('')}`
}
