import type { LaneLayout, PlacedRevision, RevisionEdge } from './lane-layout.ts'
import type { TenantPlaces } from './place-tenants.ts'
import styles from './revision-graph.module.css'

export const rowHeight = 32
export const laneGap = 18

interface RevisionLinesProps {
  readonly layout: LaneLayout
  readonly bridges: ReadonlySet<string>
  readonly places: TenantPlaces
  readonly targets: readonly string[]
}

/** Lanes and knots; a picture of what the rows say in words. */
export function RevisionLines({ layout, bridges, places, targets }: RevisionLinesProps) {
  const byId = new Map(layout.placed.map(placed => [placed.revision.id, placed]))
  const width = (layout.lanes + 1) * laneGap
  const height = layout.placed.length * rowHeight
  return (
    <svg className={styles.lines} width={width} height={height} aria-hidden="true">
      {layout.edges.map(edge => {
        const from = byId.get(edge.from)
        const to = byId.get(edge.to)
        if (!from || !to) return null
        const key = `${edge.from}>${edge.to}`
        return (
          <path
            key={`${key}${edge.kind}`}
            className={styles.edge}
            data-kind={bridges.has(key) ? 'bridge' : edge.kind}
            d={drawEdge(edge, from, to, layout.lanes)}
          />
        )
      })}
      {layout.placed.map(placed => (
        <Knot
          key={placed.revision.id}
          placed={placed}
          isTarget={targets.includes(placed.revision.id)}
          isTaken={places.atRevision.has(placed.revision.id)}
        />
      ))}
    </svg>
  )
}

interface KnotProps {
  readonly placed: PlacedRevision
  readonly isTarget: boolean
  readonly isTaken: boolean
}

function Knot({ placed, isTarget, isTaken }: KnotProps) {
  const { x, y } = centerOf(placed)
  return (
    <>
      {isTarget && <circle className={styles.ring} cx={x} cy={y} r={8} />}
      {placed.revision.isMerge ? (
        <rect className={styles.knot} data-taken={isTaken} x={x - 4.5} y={y - 4.5} width={9} height={9} />
      ) : (
        <circle className={styles.knot} data-taken={isTaken} cx={x} cy={y} r={5} />
      )}
    </>
  )
}

/** Into the lane of the older one at once, then straight down; what is only ordered goes around all lanes. */
function drawEdge(
  { kind }: RevisionEdge,
  newer: PlacedRevision,
  older: PlacedRevision,
  lanes: number,
): string {
  const from = centerOf(newer)
  const to = centerOf(older)
  if (kind === 'depends') {
    const side = (lanes + 0.3) * laneGap
    return `M ${from.x} ${from.y} C ${side} ${from.y}, ${side} ${from.y}, ${side} ${from.y + 14} V ${to.y - 14} C ${side} ${to.y}, ${side} ${to.y}, ${to.x} ${to.y}`
  }
  if (from.x === to.x) return `M ${from.x} ${from.y} V ${to.y}`
  const below = from.y + rowHeight
  return `M ${from.x} ${from.y} C ${from.x} ${from.y + 20}, ${to.x} ${below - 20}, ${to.x} ${below} V ${to.y}`
}

function centerOf({ row, lane }: PlacedRevision): { readonly x: number; readonly y: number } {
  return { x: (lane + 0.7) * laneGap, y: (row + 0.5) * rowHeight }
}
