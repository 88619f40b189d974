import { LockstepError } from '../../../shared/failure/failure.ts'

/** The system's code of an error, such as ENOSPC; its message when it has none. */
export function codeOf(error: unknown): string {
  if (error instanceof Error) {
    return 'code' in error && typeof error.code === 'string' ? error.code : error.message
  }
  return String(error)
}

/** Says that a file of the run store cannot be written, and why. */
export function unwritable(file: string, error: unknown): LockstepError {
  if (error instanceof LockstepError) return error
  return new LockstepError({ kind: 'log_unwritable', file, code: codeOf(error) }, { cause: error })
}

/** Says that a file of the run store cannot be read, and why; what is no answer of the system is none of its business. */
export function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  return new LockstepError({ kind: 'log_unreadable', file, code: codeOf(error) }, { cause: error })
}

/** Says whether an error means that the disk, or one's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
