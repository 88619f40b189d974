interface Size {
  readonly width: number
  readonly height: number
}

/** Below this text cannot be read, and a target is too small to hit. */
const smallest = 0.6
const largest = 2

/** The scale at which a drawing is seen whole, as far as it stays readable. */
export function fitScale(drawing: Size, room: Size): number {
  if (room.width === 0 || drawing.width === 0) return 1
  return clampScale(Math.min(1, room.width / drawing.width, room.height / drawing.height))
}

/** One step closer, or farther away. */
export function nextScale(scale: number, direction: 1 | -1): number {
  return clampScale(direction === 1 ? scale * 1.2 : scale / 1.2)
}

function clampScale(scale: number): number {
  return Math.min(largest, Math.max(smallest, scale))
}
