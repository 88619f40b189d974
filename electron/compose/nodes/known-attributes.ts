import { wrongType } from './compose-invalid.ts'
import { type ComposeNode, getValue, type MapNode } from './compose-node.ts'
import { checkKeysOfService } from './known-keys.ts'
import { refuseUnknownKeys } from './refuse-unknown-keys.ts'

type Kind = 'text' | 'number' | 'boolean' | 'empty' | 'list' | 'mapping'

const sections = [
  'configs',
  'include',
  'models',
  'name',
  'networks',
  'secrets',
  'services',
  'version',
  'volumes',
]

const text: readonly Kind[] = ['text']
const number: readonly Kind[] = ['number', 'text']
const flag: readonly Kind[] = ['boolean', 'text']
const list: readonly Kind[] = ['list']
const mapping: readonly Kind[] = ['mapping']
const textOrList: readonly Kind[] = ['text', 'list']
const listOrMapping: readonly Kind[] = ['list', 'mapping']

/** Attributes of a service after its short forms are made long, with what they may hold. */
const attributes: Readonly<Record<string, readonly Kind[]>> = {
  annotations: listOrMapping,
  attach: flag,
  blkio_config: mapping,
  build: mapping,
  cap_add: list,
  cap_drop: list,
  cgroup: text,
  cgroup_parent: text,
  command: ['list', 'empty'],
  configs: list,
  container_name: text,
  cpu_count: number,
  cpu_percent: number,
  cpu_period: number,
  cpu_quota: number,
  cpu_rt_period: number,
  cpu_rt_runtime: number,
  cpu_shares: number,
  cpus: number,
  cpuset: text,
  credential_spec: mapping,
  depends_on: mapping,
  deploy: ['mapping', 'empty'],
  develop: ['mapping', 'empty'],
  device_cgroup_rules: list,
  devices: list,
  dns: textOrList,
  dns_opt: list,
  dns_search: textOrList,
  domainname: text,
  entrypoint: ['list', 'empty'],
  env_file: list,
  environment: mapping,
  expose: list,
  extends: mapping,
  external_links: list,
  extra_hosts: listOrMapping,
  gpus: textOrList,
  group_add: list,
  healthcheck: mapping,
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  label_file: list,
  labels: mapping,
  links: list,
  logging: mapping,
  mac_address: text,
  mem_limit: number,
  mem_reservation: number,
  mem_swappiness: number,
  memswap_limit: number,
  models: listOrMapping,
  network_mode: text,
  networks: mapping,
  oom_kill_disable: flag,
  oom_score_adj: number,
  pid: ['text', 'empty'],
  pids_limit: number,
  platform: text,
  ports: list,
  post_start: list,
  pre_stop: list,
  privileged: flag,
  profiles: list,
  provider: mapping,
  pull_policy: text,
  pull_refresh_after: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: number,
  secrets: list,
  security_opt: list,
  shm_size: number,
  stdin_open: flag,
  stop_grace_period: text,
  stop_signal: text,
  storage_opt: mapping,
  sysctls: listOrMapping,
  tmpfs: textOrList,
  tty: flag,
  ulimits: mapping,
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes: list,
  volumes_from: list,
  working_dir: text,
}

/** Refuses a key at the top of a file that Compose does not know. */
export function refuseUnknownSections(root: MapNode): void {
  refuseUnknownKeys(root, 'a Compose file', sections)
}

/** Refuses attributes of a service that Compose does not know, and values of another type than it takes. */
export function checkAttributes(service: MapNode, name: string): void {
  refuseUnknownKeys(service, 'a service', Object.keys(attributes))
  for (const [key, kinds] of Object.entries(attributes)) {
    const value = getValue(service, key)
    if (!value || kinds.includes(kindOf(value))) continue
    const wanted = kinds.filter(kind => kind !== 'empty').map(withArticle)
    throw wrongType(`services.${name}.${key}`, value, wanted.join(' or '))
  }
  checkKeysOfService(service, name)
}

function kindOf(node: ComposeNode): Kind {
  if (node.kind === 'map') return 'mapping'
  if (node.kind === 'list') return 'list'
  if (typeof node.value === 'string') return 'text'
  if (typeof node.value === 'number') return 'number'
  return node.value === null ? 'empty' : 'boolean'
}

function withArticle(kind: Kind): string {
  return kind === 'boolean' ? 'true or false' : `a ${kind}`
}
