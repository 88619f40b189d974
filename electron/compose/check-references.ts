import { composeInvalid } from './nodes/compose-invalid.ts'
import { type ComposeNode, getValue, type MapEntry, type MapNode, type Place } from './nodes/compose-node.ts'
import type { ComposeService } from './nodes/compose-project.ts'
import type { ComposeResources } from './read-resources.ts'

/** A service of the model, with the node that it was read from. */
export interface ReadService {
  readonly service: ComposeService
  readonly node: MapNode
}

interface Known {
  readonly enabled: readonly ReadService[]
  readonly disabled: readonly ReadService[]
  readonly resources: ComposeResources
}

/** Refuses enabled services that name something which does not exist, or that contradict themselves. */
export function checkReferences(known: Known): void {
  for (const read of known.enabled) {
    checkOrigin(read)
    checkNetworks(read, known)
    checkDependencies(read, known)
    checkVolumes(read, known)
    checkGrants(read, 'secrets', known)
    checkGrants(read, 'configs', known)
    checkContainerName(read, known)
  }
  refuseDependencyCycles(known.enabled)
}

function checkOrigin({ service, node }: ReadService): void {
  if (service.image !== null || service.build || getValue(node, 'provider')) return
  throw composeInvalid(
    node.at,
    `the service "${service.name}" has neither an image nor a build`,
    'add `image:` or `build:`',
  )
}

function checkNetworks({ service, node }: ReadService, { resources }: Known): void {
  const names = Object.keys(service.networks)
  if (service.networkMode !== null && names.length > 0) {
    throw composeInvalid(
      placeOf(node, ['network_mode']),
      `the service "${service.name}" has network_mode and networks`,
      'keep one of the two',
    )
  }
  for (const name of names) {
    if (Object.hasOwn(resources.networks, name)) continue
    throw undefinedName(service.name, 'network', name, placeOf(node, ['networks', name]), 'networks')
  }
}

function checkDependencies({ service, node }: ReadService, { enabled, disabled }: Known): void {
  for (const [name, { required }] of Object.entries(service.dependsOn)) {
    if (enabled.some(other => other.service.name === name)) continue
    const at = placeOf(node, ['depends_on', name])
    const sleeping = disabled.find(other => other.service.name === name)?.service
    if (!sleeping) throw undefinedName(service.name, 'service', name, at, 'services')
    if (!required) continue
    throw composeInvalid(
      at,
      `the service "${service.name}" depends on "${name}", which no active profile enables`,
      `activate the profile ${sleeping.profiles.join(' or ')}, or add \`required: false\` to the dependency`,
    )
  }
}

function checkVolumes({ service, node }: ReadService, { resources }: Known): void {
  const mounts = getValue(node, 'volumes')
  service.volumes.forEach((mount, index) => {
    if (mount.type !== 'volume' || mount.source === null || Object.hasOwn(resources.volumes, mount.source))
      return
    const at = mounts?.kind === 'list' ? mounts.items[index]?.at : undefined
    throw undefinedName(service.name, 'volume', mount.source, at ?? node.at, 'volumes')
  })
}

function checkGrants(
  { service, node }: ReadService,
  section: 'secrets' | 'configs',
  { resources }: Known,
): void {
  const grants = getValue(node, section)
  service[section].forEach(({ source }, index) => {
    if (Object.hasOwn(resources[section], source)) return
    const at = grants?.kind === 'list' ? grants.items[index]?.at : undefined
    throw undefinedName(service.name, section.slice(0, -1), source, at ?? node.at, section)
  })
}

function checkContainerName({ service, node }: ReadService, { enabled }: Known): void {
  const name = service.containerName
  if (name === null) return
  const at = placeOf(node, ['container_name'])
  const twin = enabled.find(other => other.service !== service && other.service.containerName === name)
  if (twin) {
    throw composeInvalid(
      at,
      `the services "${service.name}" and "${twin.service.name}" have the same container_name`,
      'give each container a name of its own',
    )
  }
  if (service.replicas <= 1) return
  throw composeInvalid(
    at,
    `the service "${service.name}" has a container_name and ${service.replicas} replicas`,
    'remove container_name: names of containers are unique',
  )
}

function refuseDependencyCycles(enabled: readonly ReadService[]): void {
  const byName = new Map(enabled.map(read => [read.service.name, read]))
  const done = new Set<string>()
  const visit = (read: ReadService, path: readonly string[]): void => {
    const { name } = read.service
    if (done.has(name)) return
    for (const next of Object.keys(read.service.dependsOn)) {
      const start = [...path, name].indexOf(next)
      if (start !== -1) {
        throw composeInvalid(
          placeOf(read.node, ['depends_on', next]),
          `the services depend on one another in a circle: ${[...path, name, next].slice(start).join(' -> ')}`,
          'remove one of these dependencies',
        )
      }
      const other = byName.get(next)
      if (other) visit(other, [...path, name])
    }
    done.add(name)
  }
  for (const read of enabled) visit(read, [])
}

function undefinedName(service: string, what: string, name: string, at: Place, section: string): Error {
  return composeInvalid(
    at,
    `the service "${service}" names the ${what} "${name}", which is not defined`,
    `add "${name}" below \`${section}:\`, or correct the name`,
  )
}

function placeOf(node: MapNode, path: readonly string[]): Place {
  let current: ComposeNode = node
  let at = node.at
  for (const key of path) {
    const entry: MapEntry | undefined = current.kind === 'map' ? current.entries.get(key) : undefined
    if (!entry) return at
    current = entry.value
    at = entry.at
  }
  return at
}
