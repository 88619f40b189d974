import { type ComposeNode, getValue, isNull, makeList } from './compose-node.ts'

type Identify = (item: ComposeNode) => string

/** Lists of a service in which an item takes the place of an earlier one, and what makes them the same. */
const identities: Readonly<Record<string, Identify>> = {
  cap_add: textOf,
  cap_drop: textOf,
  configs: item => field(item, 'target') ?? `/${field(item, 'source')}`,
  dns: textOf,
  env_file: item => field(item, 'path') ?? '',
  expose: textOf,
  links: textOf,
  ports: item =>
    [
      field(item, 'host_ip') ?? '0.0.0.0',
      field(item, 'published') ?? '',
      field(item, 'target') ?? '',
      field(item, 'protocol') ?? 'tcp',
    ].join(' '),
  profiles: textOf,
  secrets: item => field(item, 'target') ?? `/run/secrets/${field(item, 'source')}`,
  volumes: item => field(item, 'target') ?? '',
}

/** A list of a service where, of items that mean the same, the last one stands in the place of the first. */
export function keepUnique(attribute: string, node: ComposeNode): ComposeNode {
  const identify = identities[attribute]
  if (!identify || node.kind !== 'list') return node
  const kept = new Map<string, ComposeNode>()
  for (const item of node.items) kept.set(identify(item), item)
  return makeList([...kept.values()], node.at, node.mark)
}

function textOf(item: ComposeNode): string {
  return item.kind === 'scalar' ? item.text : ''
}

function field(item: ComposeNode, key: string): string | null {
  const value = item.kind === 'map' ? getValue(item, key) : undefined
  return value?.kind === 'scalar' && !isNull(value) ? value.text : null
}
