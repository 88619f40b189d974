import { createHash } from 'node:crypto'
import { LockstepError } from '../../../shared/failure/failure.ts'

/**
 * The text of a file as it is run and hashed: UTF-8, no byte order mark, LF line ends.
 *
 * Git changes line ends on checkout (`core.autocrlf`). Without this the same commit would have another checksum
 * on Windows, and every tenant would seem to have run an edited file.
 */
export function decodeFile(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')
  } catch {
    throw new LockstepError({
      kind: 'source_failed',
      during: 'reading a migration',
      file,
      error: 'the file is not UTF-8',
    })
  }
}

/** sha256 of a text that `decodeFile` gave, hexadecimal. */
export function checksumOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
