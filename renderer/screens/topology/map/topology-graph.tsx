import { useMemo } from 'react'
import type { LagSeries } from '../../../../shared/api/topology-view.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { GraphCanvas } from '../../../graph/graph-canvas.tsx'
import { judgeServer, type ServerHealth } from '../model/server-health.ts'
import type { TopologyMap } from '../model/topology-map.ts'
import type { TopologyEdge, TopologyNode } from '../model/topology-node.ts'
import { drawHolding, drawReplication, drawUse, isWayClear } from './draw-edge.ts'
import { LagLabel } from './lag-label.tsx'
import { NodeButton } from './node-button.tsx'
import { type Box, type Placement, placeNodes } from './place-nodes.ts'
import styles from './topology-graph.module.css'

interface TopologyGraphProps {
  readonly map: TopologyMap
  readonly lag: readonly LagSeries[]
  readonly selected: string | null
  readonly onSelect: (node: TopologyNode) => void
}

/** Services, servers and groups of tenants from left to right; every node is a button, every line has its words. */
export function TopologyGraph({ map, lag, selected, onSelect }: TopologyGraphProps) {
  const { nodes, edges } = map
  const shape = JSON.stringify([nodes.map(({ id, column, cluster }) => [id, column, cluster]), edges])
  // biome-ignore lint/correctness/useExhaustiveDependencies: places follow from the shape alone, so that no update moves a node.
  const placement = useMemo(() => placeNodes(nodes, edges), [shape])
  const healths = new Map<string, ServerHealth>()
  for (const node of nodes)
    if (node.kind === 'server') healths.set(node.id, judgeServer(node.server, findSeries(lag, node)))
  const { boxes, floors, headings, width, height } = placement
  return (
    <GraphCanvas label="Topology" width={width} height={height}>
      <svg className={styles.lines} width={width} height={height} aria-hidden="true">
        {edges.map(edge => {
          const from = boxes.get(edge.from)
          const to = boxes.get(edge.to)
          if (!from || !to) return null
          const floor = floors.get(nodes.find(node => node.id === edge.from)?.cluster ?? '') ?? 0
          return (
            <path
              key={`${edge.from}>${edge.to}`}
              className={styles.edge}
              data-kind={edge.kind}
              data-broken={edge.kind !== 'uses' && (healths.get(edge.to)?.isBroken ?? false)}
              d={drawEdge(edge, from, to, { placement, floor })}
            />
          )
        })}
      </svg>
      {headings.map(({ title, x }) => (
        <span key={title + x} className={styles.heading} style={{ left: x }}>
          {title}
        </span>
      ))}
      {edges.map(edge => (
        <EdgeWords key={`${edge.from}>${edge.to}`} edge={edge} boxes={boxes} health={healths.get(edge.to)} />
      ))}
      {nodes.map(node => {
        const box = boxes.get(node.id)
        return (
          box && (
            <NodeButton
              key={node.id}
              node={node}
              box={box}
              health={healths.get(node.id) ?? null}
              isSelected={node.id === selected}
              onSelect={onSelect}
            />
          )
        )
      })}
    </GraphCanvas>
  )
}

interface EdgeWordsProps {
  readonly edge: TopologyEdge
  readonly boxes: ReadonlyMap<string, Box>
  readonly health: ServerHealth | undefined
}

function EdgeWords({ edge, boxes, health }: EdgeWordsProps) {
  const to = boxes.get(edge.to)
  if (!to || edge.kind === 'holds' || edge.kind === 'uses') return null
  const text = edge.kind === 'logical' ? 'logical' : (health?.lag ?? '')
  if (text === '') return null
  return (
    <LagLabel
      text={text}
      trend={health?.trend ?? null}
      isBroken={health?.isBroken ?? false}
      right={to.x - 8}
      y={to.y + to.height / 2}
    />
  )
}

interface Ground {
  readonly placement: Placement
  readonly floor: number
}

function drawEdge({ kind }: TopologyEdge, from: Box, to: Box, { placement, floor }: Ground): string {
  switch (kind) {
    case 'holds':
      return drawHolding(from, to, floor, isWayClear(placement, from, to))
    case 'uses':
      return drawUse(from, to)
    case 'streaming':
    case 'logical':
      return drawReplication(from, to)
    default:
      return assertNever(kind)
  }
}

/** The samples of a server. */
function findSeries(
  lag: readonly LagSeries[],
  { server }: Extract<TopologyNode, { kind: 'server' }>,
): LagSeries | null {
  return lag.find(series => series.server === server.server) ?? null
}
