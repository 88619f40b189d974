import { type ReactNode, useState } from 'react'
import { countOf } from '../../shared/text/plain-words.ts'
import { Button } from './button.tsx'
import styles from './long-list.module.css'

interface LongListProps<T> {
  readonly items: readonly T[]
  /** What one of them is, and several, as the words under the list say it. */
  readonly noun: string
  readonly plural?: string
  readonly children: (item: T) => ReactNode
  /** What tells one from another where items can change places; their places otherwise. */
  readonly keyOf?: (item: T) => string
  /** As many as a person reads without having asked for more. */
  readonly atFirst: number
  readonly label?: string
  readonly className?: string | undefined
  readonly itemClassName?: string | undefined
  readonly isOrdered?: boolean
}

/** More at once would make a person wait for what they did not ask for. */
const portion = 100

/** A list of any length: its beginning, how many are not shown, and the rest in portions. */
export function LongList<T>(props: LongListProps<T>) {
  const { items, noun, plural = `${noun}s`, children, atFirst, label, className, itemClassName } = props
  const [wanted, setWanted] = useState(atFirst)
  const shown = Math.min(wanted, items.length)
  const rest = items.length - shown
  const List = props.isOrdered ? 'ol' : 'ul'
  const next =
    rest > portion
      ? `Show ${portion} more ${plural}`
      : rest > 0
        ? `Show all ${countOf(items.length, noun, plural)}`
        : `Show the first ${atFirst}`
  return (
    <>
      <List className={className} aria-label={label}>
        {items.slice(0, shown).map((item, index) => (
          <li key={props.keyOf?.(item) ?? index} className={itemClassName}>
            {children(item)}
          </li>
        ))}
      </List>
      {items.length > atFirst && (
        <p className={styles.more}>
          {rest > 0 && `${rest} more ${rest === 1 ? noun : plural} ${rest === 1 ? 'is' : 'are'} not shown. `}
          <Button kind="quiet" onPress={() => setWanted(rest > 0 ? shown + portion : atFirst)}>
            {next}
          </Button>
        </p>
      )}
    </>
  )
}
