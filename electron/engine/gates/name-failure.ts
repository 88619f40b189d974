import type { Failure } from '../../../shared/failure.ts'

const telling = [
  'server',
  'tenant',
  'database',
  'user',
  'waitingFor',
  'code',
  'sqlstate',
  'message',
  'problem',
  'reason',
  'during',
  'error',
]

/** Names a failure in one line of evidence: what kind it is, and the fields that say where and why. */
export function nameFailure(failure: Failure): string {
  const fields = new Map<string, unknown>(Object.entries(failure))
  const parts = telling.flatMap(name => {
    const value = fields.get(name)
    return typeof value === 'string' && value !== '' ? [`${name} ${value}`] : []
  })
  const kind = failure.kind.replaceAll('_', ' ')
  return parts.length === 0 ? kind : `${kind}: ${parts.join(', ')}`
}
