import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'

/** The failure that a function throws; an error of the test when it throws none. */
export function failureOf(act: () => unknown): Failure {
  try {
    act()
  } catch (error) {
    if (error instanceof LockstepError) return error.failure
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The same for a promise. */
export async function failureIn(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    if (error instanceof LockstepError) return error.failure
    throw error
  }
  throw new Error('nothing was thrown')
}
