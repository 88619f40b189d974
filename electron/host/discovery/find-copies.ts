import { findDeclaredSource } from '../../discovery/find-declared-source.ts'
import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'
import { listAddresses } from './list-addresses.ts'
import type { ServerCandidate } from './observe-services.ts'

/** The server that each candidate is declared to be a copy of; those that are declared to be copies of none are missing. */
export function findCopies(
  candidates: readonly ServerCandidate[],
  compose: ComposeEnvironment,
): ReadonlyMap<string, string> {
  const addresses = listAddresses(candidates, compose)
  const declared = candidates.map(({ name, role, follows }) => ({
    server: name,
    role: role.declared,
    follows,
  }))
  return new Map(
    declared.flatMap(one => {
      const source = findDeclaredSource(one, declared, addresses)
      return source === null ? [] : [[one.server, source] as const]
    }),
  )
}
