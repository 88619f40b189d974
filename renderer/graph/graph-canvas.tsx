import { Maximize2, Minus, Plus } from 'lucide-react'
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import styles from './graph-canvas.module.css'
import { fitScale, nextScale } from './zoom.ts'

interface GraphCanvasProps {
  readonly label: string
  /** Size of the drawing at its natural scale. */
  readonly width: number
  readonly height: number
  readonly children: ReactNode
}

/** A window over a drawing: it fits at first, scrolls like any other part, and zooms by buttons, keys, or the wheel with Ctrl. */
export function GraphCanvas({ label, width, height, children }: GraphCanvasProps) {
  const view = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  const [room, setRoom] = useState({ width: 0, height: 0 })
  const scale = chosen ?? fitScale({ width, height }, room)
  const latest = useRef(scale)
  latest.current = scale
  const zoom = useCallback((direction: 1 | -1) => setChosen(nextScale(latest.current, direction)), [])
  // An observer answers after the first painting only: without this measure, every node would jump once.
  useLayoutEffect(() => {
    const element = view.current
    if (element === null) return
    const measure = (): void =>
      setRoom({ width: element.clientWidth - 24, height: Math.max(320, Math.min(640, innerHeight * 0.62)) })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const element = view.current
    if (element === null) return
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      zoom(event.deltaY < 0 ? 1 : -1)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [zoom])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const [x, y] = pans[event.key] ?? [0, 0]
    if (event.key === '+' || event.key === '=') zoom(1)
    else if (event.key === '-') zoom(-1)
    else if (event.key === '0') setChosen(null)
    else if (x !== 0 || y !== 0) view.current?.scrollBy({ left: x * 80, top: y * 80 })
    else return
    event.preventDefault()
  }
  return (
    <div className={styles.frame}>
      <section
        ref={view}
        className={styles.view}
        aria-label={`${label}. Plus, minus and 0 zoom, arrows move.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable.
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div className={styles.room} style={{ width: width * scale, height: height * scale }}>
          <div className={styles.drawing} style={{ width, height, transform: `scale(${scale})` }}>
            {children}
          </div>
        </div>
      </section>
      <div className={styles.buttons}>
        <CanvasButton label="Zoom in" onPress={() => zoom(1)}>
          <Plus size={14} aria-hidden="true" />
        </CanvasButton>
        <CanvasButton label="Zoom out" onPress={() => zoom(-1)}>
          <Minus size={14} aria-hidden="true" />
        </CanvasButton>
        <CanvasButton label="Fit the drawing" onPress={() => setChosen(null)}>
          <Maximize2 size={14} aria-hidden="true" />
        </CanvasButton>
      </div>
    </div>
  )
}

const pans: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

interface CanvasButtonProps {
  readonly label: string
  readonly onPress: () => void
  readonly children: ReactNode
}

function CanvasButton({ label, onPress, children }: CanvasButtonProps) {
  return (
    <button type="button" className={styles.button} aria-label={label} title={label} onClick={onPress}>
      {children}
    </button>
  )
}
