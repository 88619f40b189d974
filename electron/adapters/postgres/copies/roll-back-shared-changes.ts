import { LockstepError } from '../../../../shared/failure/failure.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import { selectSharedStates } from '../locks/trace-queries.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** What is done on a copy, in words, and whether its server is our own. */
export interface FillingStep {
  readonly what: string
  readonly isOurs: boolean
}

/**
 * Does work on a scratch copy in one transaction, and undoes it where it has changed what all databases share.
 *
 * What no reading shows beforehand, such as SQL that a function puts together, is kept in by this alone.
 */
export async function rollBackSharedChanges<T>(
  copy: DatabaseClient,
  { what, isOurs }: FillingStep,
  work: () => Promise<T>,
): Promise<T> {
  const read = async (): Promise<ReadonlyMap<string, string>> =>
    isOurs ? new Map() : await selectSharedStates(copy)
  await copy.query('begin')
  try {
    const before = await read()
    const result = await work()
    const after = await read()
    const changed = [...after].flatMap(([name, state]) => (before.get(name) === state ? [] : [name]))
    if (changed.length > 0) {
      const problem = `${what} changed ${listNames(changed)} of the server while a copy was made, and was undone`
      throw new LockstepError({ kind: 'usage', problem, fix: '' })
    }
    await copy.query('commit')
    return result
  } catch (error) {
    await copy.query('rollback')
    throw error
  }
}
