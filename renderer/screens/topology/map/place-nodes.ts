import type { TopologyEdge, TopologyNode } from '../model/topology-node.ts'

/** A box on the drawing, in its own pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Placement {
  readonly boxes: ReadonlyMap<string, Box>
  /** Lower edge of the band of each cluster: lines to tenants run along it, under the standbys. */
  readonly floors: ReadonlyMap<string, number>
  readonly headings: readonly { readonly title: string; readonly x: number }[]
  readonly width: number
  readonly height: number
}

const nodeWidth = 172
/** A group has its numbers to show. */
const groupWidth = 204
const nodeHeight = 52
const pitch = 72
const top = 36
/** Room for the lag at a line. */
const wideGap = 136
const narrowGap = 48
/** A longer stack goes on beside itself. */
const mostStacked = 14

/** Gives every node its place. Only what there is decides, never how it is doing: an update moves nothing. */
export function placeNodes(nodes: readonly TopologyNode[], edges: readonly TopologyEdge[]): Placement {
  const boxes = new Map<string, Box>()
  const floors = new Map<string, number>()
  const headings: { title: string; x: number }[] = []
  const services = nodes.filter(node => isService(node))
  let x = stackNodes(services, 0, top, boxes)
  if (services.length > 0) headings.push({ title: 'Compose services', x: 0 })
  x += services.length > 0 ? narrowGap : 0
  const servers = nodes.filter(node => isServer(node))
  const columns = [...new Set(servers.map(node => node.column))].toSorted((left, right) => left - right)
  const firstColumn = columns[0] ?? 0
  const xOf = (column: number): number => x + (column - firstColumn) * (nodeWidth + wideGap)
  for (const [index, column] of columns.entries())
    headings.push({ title: ['Primary', 'Standbys'][index] ?? 'Cascaded standbys', x: xOf(column) })
  const tenants = nodes.filter(node => node.kind === 'group' || node.kind === 'tenant')
  const tenantX = columns.length > 0 ? xOf(columns.at(-1) ?? 0) + nodeWidth + narrowGap : x
  if (tenants.length > 0) headings.push({ title: 'Tenants', x: tenantX })
  let y = top
  let right = Math.max(0, x - narrowGap, columns.length > 0 ? tenantX - narrowGap : 0)
  for (const cluster of new Set([...servers, ...tenants].map(node => node.cluster))) {
    const own = servers.filter(node => node.cluster === cluster)
    const rows = placeTree(own, edges, { y, xOf, boxes })
    const members = tenants.filter(node => node.cluster === cluster)
    right = Math.max(right, members.length > 0 ? stackNodes(members, tenantX, y, boxes) : 0)
    const lowest = Math.max(y + rows * pitch, ...members.map(node => bottomOf(boxes.get(node.id)) + 20))
    if (cluster !== null) floors.set(cluster, y + rows * pitch - 6)
    y = lowest + 20
  }
  const height = Math.max(...[...boxes.values()].map(bottomOf), y - 20, top) + 8
  return { boxes, floors, headings, width: right + 8, height }
}

/** Puts nodes below one another, in several columns where there are many; gives the right edge. */
function stackNodes(nodes: readonly TopologyNode[], x: number, y: number, boxes: Map<string, Box>): number {
  const width = nodes.some(node => node.kind === 'group') ? groupWidth : nodeWidth
  const columns = Math.max(1, Math.ceil(nodes.length / mostStacked))
  const rows = Math.ceil(nodes.length / columns)
  for (const [index, node] of nodes.entries()) {
    const column = Math.floor(index / Math.max(rows, 1))
    boxes.set(node.id, {
      x: x + column * (width + 16),
      y: y + (index % Math.max(rows, 1)) * (nodeHeight + 12),
      width,
      height: nodeHeight,
    })
  }
  return nodes.length === 0 ? x : x + columns * (width + 16) - 16
}

interface TreePlace {
  readonly y: number
  readonly xOf: (column: number) => number
  readonly boxes: Map<string, Box>
}

/** Servers as a tree that lies on its side: who sends stands before the middle of those who receive. Gives the number of rows. */
function placeTree(
  servers: readonly TopologyNode[],
  edges: readonly TopologyEdge[],
  { y, xOf, boxes }: TreePlace,
): number {
  const ids = new Set(servers.map(node => node.id))
  const senderOf = new Map(
    edges.filter(edge => isReplication(edge)).map(edge => [edge.to, edge.from] as const),
  )
  let rows = 0
  const placed = new Set<string>()
  const place = (node: TopologyNode): number => {
    placed.add(node.id)
    const below = servers.filter(other => senderOf.get(other.id) === node.id && !placed.has(other.id))
    const places = below.map(place)
    const row = places.length > 0 ? ((places[0] ?? 0) + (places.at(-1) ?? 0)) / 2 : rows++
    boxes.set(node.id, { x: xOf(node.column), y: y + row * pitch, width: nodeWidth, height: nodeHeight })
    return row
  }
  for (const node of servers) {
    const sender = senderOf.get(node.id)
    if (!placed.has(node.id) && (sender === undefined || !ids.has(sender))) place(node)
  }
  for (const node of servers) if (!placed.has(node.id)) place(node)
  return rows
}

function isReplication({ kind }: TopologyEdge): boolean {
  return kind === 'streaming' || kind === 'logical'
}

function isService(node: TopologyNode): boolean {
  return node.kind === 'service' || (node.kind === 'fold' && node.fold.of === 'services')
}

function isServer(node: TopologyNode): boolean {
  return node.kind === 'server' || (node.kind === 'fold' && node.fold.of === 'servers')
}

function bottomOf(box: Box | undefined): number {
  return box ? box.y + box.height : 0
}
