import type { DatabaseClient } from '../session/database-client.ts'
import { selectCodeSwitches } from './code-switches.ts'

/**
 * Switches the triggers and rules of a scratch copy off while it is filled.
 *
 * They did their work when the rows came to the tenant. On a copy it would be done again, and what it does to the
 * server stays when the copy is gone. A login that may not switch them off fills nothing.
 */
export async function withoutCode<T>(copy: DatabaseClient, use: () => Promise<T>): Promise<T> {
  const { off, on } = await selectCodeSwitches(copy)
  await runTogether(copy, off)
  const result = await use()
  await runTogether(copy, on)
  return result
}

/** Several statements in one string are one transaction. */
async function runTogether(copy: DatabaseClient, statements: readonly string[]): Promise<void> {
  if (statements.length > 0) await copy.query(statements.join(';\n'))
}
