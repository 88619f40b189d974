import { listNames } from '../text/plain-words.ts'
import type { BeyondCopy } from './rehearsal.ts'

/** What became of the server around a copy, in words; as before is said only of what was compared. */
export function describeBeyond({ changes, unread }: BeyondCopy): {
  readonly verdict: 'same' | 'partly_compared' | 'not_compared' | 'changed'
  readonly words: string
} {
  const left = unread.length === 0 ? '' : `; not compared: ${listNames(unread, 8)}`
  if (changes === null) return { verdict: 'not_compared', words: `not compared: ${listNames(unread, 8)}` }
  if (changes.length > 0) return { verdict: 'changed', words: `changed${left}` }
  if (unread.length > 0) return { verdict: 'partly_compared', words: `what was compared is as before${left}` }
  return { verdict: 'same', words: 'as before' }
}
