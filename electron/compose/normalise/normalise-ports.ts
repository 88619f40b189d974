import { composeInvalid, wrongType } from '../nodes/compose-invalid.ts'
import {
  type ComposeNode,
  getValue,
  type ListNode,
  type MapEntry,
  type MapNode,
  makeList,
  makeMap,
  makeText,
  type Place,
} from '../nodes/compose-node.ts'
import { isIpAddress } from './is-ip-address.ts'

interface PortRange {
  readonly first: number
  readonly last: number
}

const fixRange = 'write a port from 0 to 65535, or a range such as "8000-8010"'

/** Brings ports of every syntax into the long one; a range becomes one port each. */
export function normalisePorts(node: ComposeNode, path: string): ListNode {
  if (node.kind !== 'list') throw wrongType(path, node, 'a list of ports')
  const items = node.items.flatMap(item => {
    if (item.kind === 'map') return [checkLongPort(item, path)]
    const isPort = item.kind === 'scalar' && (typeof item.value === 'string' || Number.isInteger(item.value))
    if (!isPort) throw wrongType(`an item of ${path}`, item, 'a port such as "5432:5432"')
    return parseShortPort(item.text, item.at)
  })
  return makeList(items, node.at, node.mark)
}

function checkLongPort(port: MapNode, path: string): MapNode {
  const target = getValue(port, 'target')
  if (!target) {
    throw composeInvalid(
      port.at,
      `an item of ${path} has no target`,
      'add `target:` with the port in the container',
    )
  }
  if (target.kind !== 'scalar' || !/^[0-9]+$/.test(target.text)) {
    throw wrongType(`target in ${path}`, target, 'a port number')
  }
  readRange(target.text, target.at)
  const published = getValue(port, 'published')
  if (published) {
    if (published.kind !== 'scalar') throw wrongType(`published in ${path}`, published, 'a port or a range')
    // Compose hands on what is no number, and leaves it to the engine.
    if (/^[0-9-]+$/.test(published.text)) readRange(published.text, published.at)
  }
  const hostIp = getValue(port, 'host_ip')
  if (hostIp && hostIp.kind === 'scalar' && !isIpAddress(hostIp.text))
    throw badAddress(hostIp.text, hostIp.at)
  return port
}

function parseShortPort(spec: string, at: Place): MapNode[] {
  const parts = spec.split(':')
  const [container = '', protocolGiven] = (parts.pop() ?? '').split('/', 2)
  const published = parts.pop() ?? ''
  const protocol = (protocolGiven || 'tcp').toLowerCase()
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) {
    throw composeInvalid(at, `the port "${spec}" has the protocol "${protocol}"`, 'use tcp, udp or sctp')
  }
  if (container === '') {
    throw composeInvalid(
      at,
      `the port "${spec}" does not say the port in the container`,
      'write HOST:CONTAINER',
    )
  }
  const hostIp = readAddress(parts.join(':'), at)
  const inside = readRange(container, at)
  const outside = published === '' ? null : readRange(published, at)
  const count = inside.last - inside.first
  if (outside && count > 0 && outside.last - outside.first !== count) {
    throw composeInvalid(
      at,
      `the port "${spec}" has ranges of different lengths`,
      'give both ranges as many ports, or name one port in the container',
    )
  }
  const targets = Array.from({ length: count + 1 }, (_, step) => inside.first + step)
  // Compose prints the ports of a range in the order of their texts.
  targets.sort((a, b) => compareTexts(`${a}/`, `${b}/`))
  return targets.map(target =>
    makeLongPort(
      { target: String(target), protocol, hostIp, published: publish(outside, target - inside.first, count) },
      at,
    ),
  )
}

function publish(outside: PortRange | null, step: number, count: number): string {
  if (!outside) return ''
  if (count === 0 && outside.last > outside.first) return `${outside.first}-${outside.last}`
  return String(outside.first + step)
}

function makeLongPort(
  port: {
    readonly target: string
    readonly protocol: string
    readonly hostIp: string
    readonly published: string
  },
  at: Place,
): MapNode {
  const texts = Object.entries({
    target: port.target,
    protocol: port.protocol,
    host_ip: port.hostIp,
    published: port.published,
  })
  return makeMap(
    texts
      .filter(([, text]) => text !== '')
      .map(([key, text]): [string, MapEntry] => [key, { at, value: makeText(text, at) }]),
    at,
  )
}

function readAddress(written: string, at: Place): string {
  const address = /^\[(.*)\]$/.exec(written)?.[1] ?? written
  if (address !== '' && !isIpAddress(address)) throw badAddress(address, at)
  return address
}

function badAddress(address: string, at: Place): Error {
  return composeInvalid(
    at,
    `"${address}" is not an IP address`,
    'publish on an address such as 127.0.0.1 or [::1]',
  )
}

function readRange(text: string, at: Place): PortRange {
  const match = /^([0-9]+)(?:-([0-9]+))?$/.exec(text)
  if (!match) throw composeInvalid(at, `"${text}" is not a port`, fixRange)
  const first = Number(match[1])
  const last = Number(match[2] ?? match[1])
  if (first > 65_535 || last > 65_535) throw composeInvalid(at, `the port ${text} is out of range`, fixRange)
  if (last < first) throw composeInvalid(at, `the range of ports ${text} runs backwards`, fixRange)
  return { first, last }
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
