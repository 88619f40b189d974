import { formatDuration } from './format-duration.ts'
import { composeInvalid, wrongType } from './nodes/compose-invalid.ts'
import { getValue, isNull, type MapNode } from './nodes/compose-node.ts'
import type {
  ComposeBuild,
  ComposeDependency,
  ComposeFileGrant,
  ComposeHealthcheck,
  ComposeMount,
  ComposePort,
  ComposeService,
  ComposeServiceNetwork,
} from './nodes/compose-project.ts'
import { checkAttributes } from './nodes/known-attributes.ts'
import { readCount, readFlag, readMap, readMaps, readText, readTexts } from './nodes/read-values.ts'

/** A merged service as the model has it; throws where a value has the wrong type. */
export function readService(node: MapNode, name: string): ComposeService {
  checkAttributes(node, name)
  const path = `services.${name}`
  const networkMode = readText(node, 'network_mode', path)
  return {
    name,
    image: readText(node, 'image', path),
    build: readBuild(node, path),
    containerName: readText(node, 'container_name', path),
    hostname: readText(node, 'hostname', path),
    command: readTexts(node, 'command', path),
    entrypoint: readTexts(node, 'entrypoint', path),
    workingDir: readText(node, 'working_dir', path),
    user: readText(node, 'user', path),
    environment: readKeyValues(node, 'environment', path),
    labels: mapRecord(readKeyValues(node, 'labels', path), value => value ?? ''),
    ports: readMaps(node, 'ports', path).map(port => readPort(port, `${path}.ports`)),
    expose: readExpose(node, path),
    volumes: readMaps(node, 'volumes', path).map(mount => readMount(mount, `${path}.volumes`)),
    networks: readNetworks(node, path),
    networkMode,
    dependsOn: readDependencies(node, path),
    healthcheck: readHealthcheck(node, path),
    secrets: readMaps(node, 'secrets', path).map(grant => readSecretGrant(grant, `${path}.secrets`)),
    configs: readMaps(node, 'configs', path).map(grant => readGrant(grant, `${path}.configs`)),
    profiles: readTexts(node, 'profiles', path) ?? [],
    restart: readText(node, 'restart', path),
    replicas: readReplicas(node, path),
  }
}

function readBuild(node: MapNode, path: string): ComposeBuild | null {
  const build = readMap(node, 'build', path)
  if (!build) return null
  const at = `${path}.build`
  return {
    context: readText(build, 'context', at) ?? '.',
    dockerfile: readText(build, 'dockerfile', at) ?? 'Dockerfile',
    target: readText(build, 'target', at),
  }
}

function readKeyValues(node: MapNode, key: string, path: string): Readonly<Record<string, string | null>> {
  const map = readMap(node, key, path)
  const entries = [...(map?.entries ?? [])].filter(([, { value }]) => value.mark !== 'reset')
  return Object.fromEntries(
    entries.map(([name, { value }]) => [name, value.kind === 'scalar' && !isNull(value) ? value.text : null]),
  )
}

function mapRecord<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function readPort(port: MapNode, path: string): ComposePort {
  const published = getValue(port, 'published')
  const text = published?.kind === 'scalar' ? published.text : ''
  return {
    target: readCount(port, 'target', path) ?? 0,
    published: text === '' || text === '0' ? null : text,
    hostIp: readText(port, 'host_ip', path),
    protocol: readText(port, 'protocol', path) ?? 'tcp',
  }
}

function readExpose(node: MapNode, path: string): readonly string[] {
  const list = getValue(node, 'expose')
  const items = list?.kind === 'list' ? list.items : []
  return items.map(item => {
    if (item.kind === 'scalar' && ['string', 'number'].includes(typeof item.value)) return item.text
    throw wrongType(`an item of ${path}.expose`, item, 'a port')
  })
}

function readMount(mount: MapNode, path: string): ComposeMount {
  const type = readText(mount, 'type', path)
  switch (type) {
    case 'bind':
    case 'volume':
    case 'tmpfs':
    case 'npipe':
    case 'cluster':
    case 'image':
      return {
        type,
        source: readText(mount, 'source', path),
        target: readText(mount, 'target', path) ?? '',
        readOnly: readFlag(mount, 'read_only', path),
      }
    default:
      throw composeInvalid(mount.at, `"${type}" is not a type of volume`, 'use bind, volume or tmpfs')
  }
}

function readNetworks(node: MapNode, path: string): Readonly<Record<string, ComposeServiceNetwork>> {
  if (getValue(node, 'network_mode') || getValue(node, 'provider')) return readDeclaredNetworks(node, path)
  const declared = readDeclaredNetworks(node, path)
  return Object.keys(declared).length > 0 ? declared : { default: { aliases: [], ipv4Address: null } }
}

function readDeclaredNetworks(node: MapNode, path: string): Readonly<Record<string, ComposeServiceNetwork>> {
  const networks = readMap(node, 'networks', path)
  const names = [...(networks?.entries ?? [])].filter(([, { value }]) => value.mark !== 'reset')
  return Object.fromEntries(
    names.map(([name, { value }]) => {
      if (isNull(value)) return [name, { aliases: [], ipv4Address: null }]
      if (value.kind !== 'map') throw wrongType(`${path}.networks.${name}`, value, 'a mapping')
      const at = `${path}.networks.${name}`
      const aliases = [...new Set(readTexts(value, 'aliases', at) ?? [])]
      return [name, { aliases, ipv4Address: readText(value, 'ipv4_address', at) }]
    }),
  )
}

function readDependencies(node: MapNode, path: string): Readonly<Record<string, ComposeDependency>> {
  const dependencies = readMap(node, 'depends_on', path)
  const names = [...(dependencies?.entries ?? [])].filter(([, { value }]) => value.mark !== 'reset')
  return Object.fromEntries(
    names.map(([name, { value }]) => {
      const at = `${path}.depends_on.${name}`
      if (value.kind !== 'map') throw wrongType(at, value, 'a mapping')
      const condition = readText(value, 'condition', at)
      if (
        !condition ||
        !['service_started', 'service_healthy', 'service_completed_successfully'].includes(condition)
      ) {
        throw composeInvalid(
          getValue(value, 'condition')?.at ?? value.at,
          condition ? `"${condition}" is not a condition` : `${at} has no condition`,
          'add `condition:` with service_started, service_healthy or service_completed_successfully',
        )
      }
      return [name, { condition, required: !getValue(value, 'required') || readFlag(value, 'required', at) }]
    }),
  )
}

function readHealthcheck(node: MapNode, path: string): ComposeHealthcheck | null {
  const check = readMap(node, 'healthcheck', path)
  if (!check) return null
  const at = `${path}.healthcheck`
  return {
    test: readFlag(check, 'disable', at) ? ['NONE'] : readTest(check, at),
    interval: readDuration(check, 'interval', at),
    timeout: readDuration(check, 'timeout', at),
    retries: readCount(check, 'retries', at),
    startPeriod: readDuration(check, 'start_period', at),
  }
}

function readTest(check: MapNode, path: string): readonly string[] | null {
  const test = readTexts(check, 'test', path)
  if (!test || test.length === 0) return null
  if (['CMD', 'CMD-SHELL', 'NONE'].includes(test[0] ?? '')) return test
  throw composeInvalid(
    getValue(check, 'test')?.at ?? check.at,
    `${path}.test begins with "${test[0]}"`,
    'begin the list with "CMD", "CMD-SHELL" or "NONE"',
  )
}

function readDuration(check: MapNode, key: string, path: string): string | null {
  const written = readText(check, key, path)
  if (written === null) return null
  const duration = formatDuration(written)
  if (duration !== null) return duration
  throw composeInvalid(
    getValue(check, key)?.at ?? check.at,
    `${path}.${key} is "${written}", and that is not a duration`,
    'write a number with a unit, such as 30s or 1m30s',
  )
}

function readGrant(grant: MapNode, path: string): ComposeFileGrant {
  const source = readText(grant, 'source', path)
  if (source === null)
    throw composeInvalid(grant.at, `an item of ${path} has no source`, 'add `source:` with a name')
  return { source, target: readText(grant, 'target', path) }
}

function readSecretGrant(node: MapNode, path: string): ComposeFileGrant {
  const { source, target } = readGrant(node, path)
  const place = target === null || target.startsWith('/') ? target : `/run/secrets/${target}`
  return { source, target: place === `/run/secrets/${source}` ? null : place }
}

function readReplicas(node: MapNode, path: string): number {
  const scale = readCount(node, 'scale', path)
  const deploy = getValue(node, 'deploy')
  const replicas = deploy?.kind === 'map' ? readCount(deploy, 'replicas', `${path}.deploy`) : null
  if (scale === null || replicas === null || scale === replicas) return scale ?? replicas ?? 1
  throw composeInvalid(
    getValue(node, 'scale')?.at ?? node.at,
    `${path}.scale says ${scale} and deploy.replicas says ${replicas}`,
    'keep one of the two',
  )
}
