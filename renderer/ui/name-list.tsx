import { useState } from 'react'
import { listNames, toOneLine } from '../../shared/text/plain-words.ts'
import { Button } from './button.tsx'
import styles from './name-list.module.css'

interface NameListProps {
  readonly names: readonly string[]
  /** What they are, for a person who does not see where they stand: "tenants". */
  readonly what: string
  readonly atFirst: number
}

/** Names in a row: the first ones, how many more, and all of them on request. */
export function NameList({ names, what, atFirst }: NameListProps) {
  const [showsAll, setShowsAll] = useState(false)
  if (names.length <= atFirst) return <>{listNames(names, atFirst)}</>
  return (
    <>
      {showsAll ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no row of names.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
        <span role="group" aria-label={`All ${names.length} ${what}`} tabIndex={0} className={styles.all}>
          {names.map(toOneLine).join(', ')}
        </span>
      ) : (
        listNames(names, atFirst)
      )}{' '}
      <span className={styles.toggle}>
        <Button kind="quiet" onPress={() => setShowsAll(!showsAll)}>
          {showsAll ? `Show the first ${atFirst} ${what}` : `Show all ${names.length} ${what}`}
        </Button>
      </span>
    </>
  )
}
