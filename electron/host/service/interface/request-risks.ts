import type { ChangingRequest, RequestName } from '../../../../shared/api/engine-api.ts'
import { requests } from '../../../../shared/api/requests.ts'

/** Says whether a word names a request. */
export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name)
}

/** Says whether a request changes something. */
export function isChanging(name: RequestName): name is ChangingRequest {
  return requests[name].risk === 'changes'
}
