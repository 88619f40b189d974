import { type LockMode, lockModes, type TracedStatement } from '../../../../shared/analysis/rehearsal.ts'

/** How long one transaction keeps others from a relation. */
export interface LockHold {
  readonly relation: string
  /** The strongest mode that it takes. */
  readonly mode: LockMode
  /** Where it takes that mode first. */
  readonly statement: TracedStatement
  /** From then until the end of its transaction. */
  readonly heldMs: number
  /** What runs while it is held. */
  readonly meanwhile: readonly TracedStatement[]
}

/** Locks that keep writers out, or readers too, with how long they are held. */
export function listHolds(statements: readonly TracedStatement[]): readonly LockHold[] {
  return cutTransactions(statements).flatMap(holdsOf)
}

/** As they run: the leading transactional ones together, then revision by revision, or one by one outside of any. */
function cutTransactions(statements: readonly TracedStatement[]): readonly (readonly TracedStatement[])[] {
  const first = statements.findIndex(statement => !statement.transactional)
  if (first === -1) return [statements]
  const parts: TracedStatement[][] = [statements.slice(0, first)]
  for (const statement of statements.slice(first)) {
    const part = parts.at(-1)
    const joins = statement.transactional && part?.[0]?.revision === statement.revision && parts.length > 1
    if (part && joins) part.push(statement)
    else parts.push([statement])
  }
  return parts.filter(part => part.length > 0)
}

function holdsOf(transaction: readonly TracedStatement[]): readonly LockHold[] {
  const holds = new Map<string, LockHold>()
  for (const [index, statement] of transaction.entries()) {
    for (const { relation, mode } of statement.locks) {
      const known = holds.get(relation)
      if (rank(mode) < rank('ShareLock') || (known && rank(known.mode) >= rank(mode))) continue
      const meanwhile = transaction.slice(index)
      const heldMs = meanwhile.reduce((sum, one) => sum + one.durationMs, 0)
      holds.set(relation, { relation, mode, statement, heldMs, meanwhile })
    }
  }
  return [...holds.values()]
}

/** Strength, weakest first. */
export function rank(mode: LockMode): number {
  return lockModes.indexOf(mode)
}
