import { toOneLine } from '../../shared/text/plain-words.ts'
import type { UndeclaredStandby } from '../../shared/topology/topology.ts'

/** Names a standby that streams from a server and is not declared. */
export function describeUndeclared({ applicationName, clientAddress, isCertain }: UndeclaredStandby): string {
  const name = applicationName === '' ? 'one without a name' : toOneLine(applicationName)
  const from = clientAddress === null ? '' : ` from ${clientAddress}`
  return isCertain
    ? `a standby streams from it that is not declared: ${name}${from}`
    : `a receiver of its WAL may be a standby that is not declared: ${name}${from}`
}
