import { composeInvalid } from './nodes/compose-invalid.ts'
import { getValue, type MapNode, type Place, withoutKey } from './nodes/compose-node.ts'
import { mergeServices } from './nodes/merge-nodes.ts'
import type { PathBase } from './nodes/resolve-path.ts'
import { normaliseService } from './normalise/normalise-service.ts'

/** The services of one file, as written, and where its relative paths start. */
export interface ServicesOfFile {
  readonly file: string
  readonly services: MapNode
  readonly base: PathBase
}

/** Opens another file that a service is extended from; `at` is where it is named. */
export type OpenServices = (file: string, at: Place) => ServicesOfFile

interface Link {
  readonly file: string
  readonly service: string
}

/** A service in the long syntax, with everything that it inherits by `extends`. */
export function resolveExtends(from: ServicesOfFile, name: string, open: OpenServices): MapNode {
  return follow(from, name, open, [{ file: from.file, service: name }])
}

function follow(from: ServicesOfFile, name: string, open: OpenServices, chain: readonly Link[]): MapNode {
  const written = getValue(from.services, name)
  const service = normaliseService(written ?? from.services, name, from.base)
  const parent = getValue(service, 'extends')
  if (parent?.kind !== 'map') return service
  const ref = getValue(parent, 'service')
  if (ref?.kind !== 'scalar') return service
  const file = getValue(parent, 'file')
  const next =
    file?.kind === 'scalar' && file.value !== null && file.text !== from.file
      ? open(file.text, file.at)
      : from
  if (!getValue(next.services, ref.text)) throw missingService(ref.text, next, ref.at)
  const link = { file: next.file, service: ref.text }
  const longer = [...chain, link]
  if (chain.some(earlier => earlier.file === link.file && earlier.service === link.service)) {
    throw composeInvalid(
      ref.at,
      `\`extends\` runs in a circle: ${longer.map(({ file, service }) => `${service} in ${file}`).join(' -> ')}`,
      'remove `extends` from one of these services',
    )
  }
  return withoutKey(mergeServices(follow(next, ref.text, open, longer), service), 'extends')
}

function missingService(name: string, { file, services }: ServicesOfFile, at: Place): Error {
  const known = [...services.entries.keys()].join(', ')
  return composeInvalid(
    at,
    `the service "${name}" to extend is not in ${file}`,
    known === '' ? `add it to ${file}` : `extend one of: ${known}`,
  )
}
