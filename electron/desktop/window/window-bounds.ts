import { readFileSync, writeFileSync } from 'node:fs'
import type { Rectangle } from 'electron'

/** Where a window was, and whether it filled the screen. */
export interface WindowBounds extends Rectangle {
  readonly isMaximized: boolean
}

export const smallestWindow = { width: 960, height: 600 } as const

/** Where the window was last; null when that is not known, or on no screen any more. */
export function readWindowBounds(file: string, screens: readonly Rectangle[]): WindowBounds | null {
  let given: unknown
  try {
    given = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
  const bounds = parseBounds(given)
  return bounds !== null && screens.some(area => isOn(area, bounds)) ? bounds : null
}

/** Keeps where the window is; a folder that cannot be written only loses that. */
export function writeWindowBounds(file: string, bounds: WindowBounds): void {
  try {
    writeFileSync(file, JSON.stringify(bounds))
  } catch {
    // The next window opens in the middle of the screen.
  }
}

function parseBounds(given: unknown): WindowBounds | null {
  if (typeof given !== 'object' || given === null) return null
  const { x, y, width, height, isMaximized } = { ...emptyBounds, ...given }
  const isWhole = [x, y, width, height].every(Number.isSafeInteger)
  if (!isWhole || typeof isMaximized !== 'boolean') return null
  return {
    x,
    y,
    width: Math.max(width, smallestWindow.width),
    height: Math.max(height, smallestWindow.height),
    isMaximized,
  }
}

const emptyBounds = {
  x: Number.NaN,
  y: Number.NaN,
  width: Number.NaN,
  height: Number.NaN,
  isMaximized: false,
}

/** A title bar that can be taken hold of is enough. */
function isOn(area: Rectangle, { x, y, width }: Rectangle): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
  return visible >= 100 && y >= area.y && y <= area.y + area.height - 40
}
