import { Button } from '../../ui/button.tsx'
import { type RunFilter, runFilters, wordOfFilter } from './run-filters.ts'
import styles from './runs-list.module.css'

interface FilterChipsProps {
  readonly current: RunFilter
  readonly counts: Readonly<Record<RunFilter, number>>
  readonly onChoose: (filter: RunFilter) => void
}

/** The filters of the history, each with how many runs pass it. */
export function FilterChips({ current, counts, onChoose }: FilterChipsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in sight.
    <div role="group" aria-label="Show runs" className={styles.chips}>
      {runFilters.map(filter => (
        <Button key={filter} onPress={() => onChoose(filter)} isPressed={filter === current}>
          {wordOfFilter(filter)} <span className={styles.count}>{counts[filter]}</span>
        </Button>
      ))}
    </div>
  )
}
