import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { LeftCopy, RemovedCopy } from './ports/left-copies.ts'

/** A copy in words: what it is, and where. */
export function describeCopy({ kind, server, name }: LeftCopy): string {
  const where = server === null ? name : `${name} on ${server}`
  switch (kind) {
    case 'shadow':
      return `${where}, a scratch copy of a rehearsal that did not end`
    case 'sandbox':
      return `${where}, a server of a rehearsal that did not end`
    case 'restore':
      return `${where}, a restored copy that never took its place`
    case 'snapshot':
      return `${where}, a copy of a tenant that was not finished`
    case 'dump':
      return `${where}, a dump of a tenant that was not finished`
  }
}

/** What was done about a copy, in one line. */
export function describeRemoval(copy: RemovedCopy): string {
  if (copy.failure === null) return `removed ${describeCopy(copy)}`
  const { what, why } = describeFailure(copy.failure)
  return `not removed: ${describeCopy(copy)}: ${[what, why].filter(Boolean).join(' ')}`
}
