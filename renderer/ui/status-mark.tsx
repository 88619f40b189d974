import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  Hand,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  ShieldOff,
  SkipForward,
  TriangleAlert,
  Undo2,
} from 'lucide-react'
import { familyOf, type Status } from '../status/status.ts'
import styles from './status-mark.module.css'

const glyphs: Readonly<Record<Status, LucideIcon>> = {
  passed: CircleCheck,
  failed: OctagonX,
  errored: CircleHelp,
  warned: TriangleAlert,
  waiting: Hand,
  running: LoaderCircle,
  pending: CircleDashed,
  skipped: SkipForward,
  cancelled: Ban,
  waived: ShieldOff,
  rolled_back: Undo2,
}

interface StatusMarkProps {
  readonly status: Status
  /** The word beside the glyph; the state's own name when not given. */
  readonly word?: string | undefined
  /** Hides the word from eyes, not from screen readers. */
  readonly isIconOnly?: boolean
  /** Large stands in a heading. */
  readonly size?: 'small' | 'large'
}

/** A state by shape, word and colour, in this order of importance. */
export function StatusMark({ status, word, isIconOnly = false, size = 'small' }: StatusMarkProps) {
  const Glyph = glyphs[status]
  const text = word ?? status.replaceAll('_', ' ')
  return (
    <span className={styles.mark} data-family={familyOf(status)} data-status={status} data-size={size}>
      <Glyph
        size={size === 'small' ? 14 : 20}
        aria-hidden="true"
        className={status === 'running' ? styles.turning : undefined}
      />
      <span className={isIconOnly ? 'visually-hidden' : undefined}>{text}</span>
    </span>
  )
}
