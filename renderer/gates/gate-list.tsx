import { ChevronRight } from 'lucide-react'
import { useId } from 'react'
import { formatDuration } from '../../shared/text/plain-words.ts'
import { statusOfVerdict } from '../status/status.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { GateCard } from './gate-card.tsx'
import { type GateFacts, wordOfVerdict } from './gate-facts.ts'
import styles from './gate-list.module.css'

interface GateListProps {
  readonly gates: readonly GateFacts[]
  /** The gate whose card is open; null when none is. */
  readonly selected: string | null
  /** Opens a gate's card, or closes it with null. */
  readonly onSelect: (gate: string | null) => void
}

/** Every gate in a row of its own, with what was measured against which limit; the selected one opens its card in place. */
export function GateList({ gates, selected, onSelect }: GateListProps) {
  const id = useId()
  return (
    <ul className={styles.list}>
      {gates.map(gate => {
        const isOpen = gate.gate === selected
        const verdict = gate.answer?.verdict ?? null
        return (
          <li key={gate.gate} className={styles.item} data-gate={gate.gate}>
            <button
              type="button"
              className={styles.row}
              aria-expanded={isOpen}
              aria-controls={isOpen ? `${id}-${gate.gate}` : undefined}
              onClick={() => onSelect(isOpen ? null : gate.gate)}
            >
              <ChevronRight size={14} aria-hidden="true" className={styles.chevron} />
              <span className={styles.title}>{gate.title}</span>
              <StatusMark status={statusOfVerdict(verdict)} word={wordOfVerdict(verdict)} />
              <span className={styles.value}>
                {gate.answer === null ? '' : gate.answer.value}
                {gate.answer !== null && gate.answer.threshold !== '' && (
                  <span className="quiet"> (limit: {gate.answer.threshold})</span>
                )}
              </span>
              <span className={styles.duration}>
                {gate.durationMs === null ? '' : formatDuration(gate.durationMs)}
              </span>
            </button>
            {isOpen && (
              <div id={`${id}-${gate.gate}`}>
                <GateCard gate={gate} isTitleHidden />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
