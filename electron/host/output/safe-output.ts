import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { openStandard } from '../../output/create-safe-output.ts'

const terminals = [0, 1, 2].filter(descriptor => isatty(descriptor))

// Node puts terminals back as they were when it ends, and aborts when one has gone meanwhile: that one is closed before.
process.on('exit', () => {
  for (const descriptor of terminals.filter(one => !isatty(one))) closeSync(descriptor)
})

/** Standard output and standard error of this process. */
export const standardOutput = openStandard(1, process.stdout)
export const standardError = openStandard(2, process.stderr)

/** Why an output cannot be written any more, in words. */
export function describeLoss(code: string): string {
  switch (code) {
    case 'EPIPE':
      return 'its reader has gone'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full'
    case 'EIO':
      return 'its terminal has gone'
    case 'EFBIG':
      return 'the file may not grow any more'
    default:
      return code
  }
}
