import type { Box, Placement } from './place-nodes.ts'

/** The path of a line of replication: from the right of one box to the left of the other. */
export function drawReplication(from: Box, to: Box): string {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 }
  const end = { x: to.x, y: to.y + to.height / 2 }
  if (end.x <= start.x) return drawBack(from, to)
  const bend = start.x + 36
  return `M ${start.x} ${start.y} C ${bend} ${start.y}, ${start.x + 4} ${end.y}, ${start.x + 40} ${end.y} H ${end.x}`
}

/** To one in the same column: down along the left side. */
function drawBack(from: Box, to: Box): string {
  const y = from.y + from.height / 2
  const end = to.y + to.height / 2
  const x = Math.min(from.x, to.x) - 20
  return `M ${from.x} ${y} C ${x} ${y}, ${x} ${end}, ${to.x} ${end}`
}

/** The path from a service to a server: it ends low at the box, where no line of replication does. */
export function drawUse(from: Box, to: Box): string {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 }
  const end = { x: to.x, y: to.y + to.height - 10 }
  return `M ${start.x} ${start.y} C ${start.x + 30} ${start.y}, ${start.x + 14} ${end.y}, ${start.x + 44} ${end.y} H ${end.x}`
}

/** The path from a primary to tenants: under its standbys, so that it crosses none of them. */
export function drawHolding(from: Box, to: Box, floor: number, isClear: boolean): string {
  const end = { x: to.x, y: to.y + to.height / 2 }
  const start = { x: from.x + from.width, y: from.y + from.height / 2 }
  if (isClear)
    return `M ${start.x} ${start.y} C ${start.x + 32} ${start.y}, ${end.x - 32} ${end.y}, ${end.x} ${end.y}`
  const down = from.x + from.width / 2
  const rise = to.x - 28
  const turn = end.y < floor ? -8 : 8
  const isLevel = Math.abs(end.y - floor) < 16
  if (isLevel)
    return `M ${down} ${from.y + from.height} V ${floor - 8} Q ${down} ${floor} ${down + 8} ${floor} H ${rise} L ${end.x} ${end.y}`
  return `M ${down} ${from.y + from.height} V ${floor - 8} Q ${down} ${floor} ${down + 8} ${floor} H ${rise - 8} Q ${rise} ${floor} ${rise} ${floor + turn} V ${end.y - turn} Q ${rise} ${end.y} ${rise + 8} ${end.y} H ${end.x}`
}

/** Whether nothing stands between a primary and its tenants. */
export function isWayClear({ boxes }: Placement, from: Box, to: Box): boolean {
  return [...boxes.values()].every(box => box.x <= from.x || box.x >= to.x)
}
