import { hash } from 'node:crypto'

/** What the first line of a log holds as the hash of the line before it. */
export const genesisHash = '0'.repeat(64)

/** The hash that the next line must hold: sha256 over a line's bytes, without its newline. */
export function hashLine(line: Uint8Array | string): string {
  return hash('sha256', line, 'hex')
}
