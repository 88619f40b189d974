import { type ComposeNode, getValue, type MapNode } from './compose-node.ts'
import { refuseUnknownKeys } from './refuse-unknown-keys.ts'

const build = `additional_contexts args cache_from cache_to context dockerfile dockerfile_inline entitlements
  extra_hosts isolation labels network no_cache platforms privileged provenance pull sbom secrets shm_size ssh
  tags target ulimits`
const grant = 'gid mode source target uid'

/** Keys below attributes of a service: of a mapping itself, or of each item or entry where the name ends in `*`. */
const below: Readonly<Record<string, string>> = {
  build,
  'configs*': grant,
  'depends_on*': 'condition required restart',
  'env_file*': 'format path required',
  extends: 'file service',
  healthcheck: 'disable interval retries start_interval start_period test timeout',
  'networks*': `aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address
    priority`,
  'ports*': 'app_protocol host_ip mode name protocol published target',
  'secrets*': grant,
  'volumes*': 'bind consistency image read_only source target tmpfs type volume',
}

const resources: Readonly<Record<string, string>> = {
  configs: 'content environment external file labels name template_driver',
  networks: 'attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam labels name',
  secrets: 'driver driver_opts environment external file labels name template_driver',
  volumes: 'driver driver_opts external labels name',
}

/** Refuses keys below the attributes of a service that Compose does not know. */
export function checkKeysOfService(service: MapNode, name: string): void {
  for (const [attribute, keys] of Object.entries(below)) {
    const key = attribute.replace('*', '')
    const value = getValue(service, key)
    if (!value) continue
    const maps = attribute.endsWith('*') ? childrenOf(value) : [value]
    for (const map of maps) refuseIn(map, `services.${name}.${key}`, keys)
  }
}

/** Refuses keys of shared networks, volumes, secrets and configs that Compose does not know. */
export function checkKeysOfResource(node: MapNode, section: string, path: string): void {
  refuseIn(node, path, resources[section] ?? '')
}

function refuseIn(node: ComposeNode, path: string, keys: string): void {
  if (node.kind === 'map') refuseUnknownKeys(node, path, keys.split(/\s+/))
}

function childrenOf(node: ComposeNode): readonly ComposeNode[] {
  switch (node.kind) {
    case 'list':
      return node.items
    case 'map':
      return [...node.entries.values()].map(entry => entry.value)
    case 'scalar':
      return []
  }
}
