import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ComposeNode, Place } from './compose-node.ts'

/** A fault of a Compose file as an exception, with its place and what to do about it. */
export function composeInvalid(at: Place, problem: string, fix: string): LockstepError {
  const { file, line, column } = at
  return new LockstepError({ kind: 'compose_invalid', file, line, column, problem, fix })
}

/** A value of another type than the place wants. */
export function wrongType(path: string, node: ComposeNode, wanted: string): LockstepError {
  return composeInvalid(node.at, `${path} must be ${wanted}, not ${nameType(node)}`, `write ${wanted} here`)
}

function nameType(node: ComposeNode): string {
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'map') return 'a mapping'
  switch (typeof node.value) {
    case 'string':
      return 'a text'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    default:
      return 'empty'
  }
}
