import {
  getValue,
  type MapEntry,
  type MapNode,
  makeBoolean,
  makeMap,
  makeText,
  type Place,
  withValue,
} from './nodes/compose-node.ts'

const namespaces = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']

/** A service with the dependencies that it does not name: of its links, of shared namespaces and of shared volumes. */
export function addImpliedDependencies(service: MapNode): MapNode {
  const declared = getValue(service, 'depends_on')
  const before = declared?.kind === 'map' ? declared.entries : new Map<string, MapEntry>()
  const implied = findImplied(service).filter(({ name }) => !before.has(name))
  if (implied.length === 0) return service
  const entries = implied.map(({ name, at }): [string, MapEntry] => {
    const condition: [string, MapEntry] = ['condition', { at, value: makeText('service_started', at) }]
    const required: [string, MapEntry] = ['required', { at, value: makeBoolean(true, at) }]
    return [name, { at, value: makeMap([condition, required], at) }]
  })
  return withValue(service, 'depends_on', makeMap([...before, ...entries], declared?.at ?? service.at))
}

function findImplied(service: MapNode): readonly { readonly name: string; readonly at: Place }[] {
  const links = textsOf(service, 'links').map(({ text, at }) => ({ name: text.split(':')[0] ?? text, at }))
  const shared = namespaces.flatMap(key => {
    const value = getValue(service, key)
    if (value?.kind !== 'scalar' || !value.text.startsWith('service:')) return []
    return [{ name: value.text.slice('service:'.length), at: value.at }]
  })
  const mounted = textsOf(service, 'volumes_from')
    .filter(({ text }) => !text.startsWith('container:'))
    .map(({ text, at }) => ({ name: text.split(':')[0] ?? text, at }))
  return [...links, ...shared, ...mounted]
}

function textsOf(service: MapNode, key: string): readonly { readonly text: string; readonly at: Place }[] {
  const list = getValue(service, key)
  const items = list?.kind === 'list' ? list.items : []
  return items.flatMap(item => (item.kind === 'scalar' ? [{ text: item.text, at: item.at }] : []))
}
