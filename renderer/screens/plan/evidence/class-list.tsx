import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { Button } from '../../../ui/button.tsx'
import styles from '../evidence.module.css'
import type { TenantClass } from './tenant-rows.ts'

interface ClassListProps {
  readonly classes: readonly TenantClass[]
  readonly current: number | null
  readonly onSelect: (number: number | null) => void
}

const mostShown = 4

/** The classes of tenants, those that differ first; one of them can be looked at alone. */
export function ClassList({ classes, current, onSelect }: ClassListProps) {
  if (classes.length < 2) return null
  const ordered = classes.toSorted(
    (a, b) => Number(a.isMain) - Number(b.isMain) || a.tenants.length - b.tenants.length,
  )
  const shown =
    ordered.length <= mostShown ? ordered : [...ordered.slice(0, mostShown - 1), ...ordered.slice(-1)]
  return (
    <>
      <ul className={styles.classes}>
        {shown.map(one => (
          <li key={one.number}>
            <Button
              isPressed={one.number === current}
              onPress={() => onSelect(one.number === current ? null : one.number)}
            >
              {`Class ${one.number}: ${countOf(one.tenants.length, 'tenant')}`}
            </Button>
            <span>
              {`at ${one.from}, `}
              <code title={one.fingerprint}>{one.fingerprint.slice(0, 12)}</code>
              <span className="quiet">{` ${listNames(one.tenants, 3)}`}</span>
            </span>
          </li>
        ))}
      </ul>
      {ordered.length > shown.length && (
        <p className="quiet">{`${countOf(ordered.length - shown.length, 'more class', 'more classes')} in the table.`}</p>
      )}
    </>
  )
}
