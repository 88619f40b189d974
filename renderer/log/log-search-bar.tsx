import { useRef } from 'react'
import type { LogQuery } from '../../shared/api/log-line.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import { useCommand } from '../commands/use-command.tsx'
import { Button } from '../ui/button.tsx'
import { placeOf } from './log-rows.ts'
import styles from './log-viewer.module.css'
import type { LogSearch } from './use-log-search.ts'

interface LogSearchBarProps {
  readonly query: LogQuery | null
  readonly onlyMatches: boolean
  readonly search: LogSearch
  /** The position that the reader is at. */
  readonly focused: number | null
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void
  readonly onStep: (direction: 'next' | 'previous') => void
  /** Null when nothing failed. */
  readonly onFirstFailure: (() => void) | null
}

/** Looks for text in all lines: how many match is exact, Enter goes to the next. */
export function LogSearchBar(props: LogSearchBarProps) {
  const { query, onlyMatches, search, focused, onChange, onStep, onFirstFailure } = props
  const input = useRef<HTMLInputElement>(null)
  const focus = (): void => {
    input.current?.focus()
    input.current?.select()
  }
  useCommand('log.search', focus)
  useCommand('list.filter', focus)
  const problem = search.matches?.problem ?? (search.failure ? describeFailure(search.failure).what : null)
  const isOn = (key: 'matchCase' | 'wholeWord' | 'isRegex'): boolean => query?.[key] ?? false
  return (
    <search className={styles.bar} aria-label="Search the log">
      <div className={styles.search}>
        <input
          ref={input}
          type="search"
          value={query?.text ?? ''}
          placeholder="Search all lines (Ctrl F)"
          aria-label="Search all lines"
          aria-invalid={problem !== null || undefined}
          aria-describedby="log-search-result"
          spellCheck={false}
          onChange={event => onChange({ q: event.target.value || null, line: null })}
          onKeyDown={event => {
            if (event.key === 'Escape' && query !== null) {
              onChange({ q: null, only: null })
              event.stopPropagation()
            }
            if (event.key !== 'Enter') return
            event.preventDefault()
            onStep(event.shiftKey ? 'previous' : 'next')
          }}
        />
      </div>
      <Button
        kind="quiet"
        isPressed={isOn('matchCase')}
        label="Match case"
        onPress={() => onChange({ case: isOn('matchCase') ? null : '1' })}
      >
        Aa
      </Button>
      <Button
        kind="quiet"
        isPressed={isOn('wholeWord')}
        label="Whole word"
        onPress={() => onChange({ word: isOn('wholeWord') ? null : '1' })}
      >
        “w”
      </Button>
      <Button
        kind="quiet"
        isPressed={isOn('isRegex')}
        label="Regular expression"
        onPress={() => onChange({ regex: isOn('isRegex') ? null : '1' })}
      >
        .*
      </Button>
      {query !== null && (
        <>
          <Button
            kind="quiet"
            isPressed={onlyMatches}
            onPress={() => onChange({ only: onlyMatches ? null : '1' })}
          >
            Filter to matches
          </Button>
          <Button kind="quiet" label="Previous match" onPress={() => onStep('previous')}>
            ↑
          </Button>
          <Button kind="quiet" label="Next match" onPress={() => onStep('next')}>
            ↓
          </Button>
        </>
      )}
      <span id="log-search-result" role="status" className={problem === null ? styles.count : styles.problem}>
        {problem ?? describeResult(query, search, focused)}
      </span>
      {onFirstFailure && (
        <div className={styles.end}>
          <Button kind="danger" onPress={onFirstFailure}>
            First failure
          </Button>
        </div>
      )}
    </search>
  )
}

function describeResult(
  query: LogQuery | null,
  { matches, isRunning }: LogSearch,
  focused: number | null,
): string {
  if (query === null) return ''
  if (matches === null) return isRunning ? 'Searching' : ''
  const { total, positions } = matches
  if (total === 0) return 'No match'
  const place = focused === null ? -1 : placeOf(positions, focused)
  const at = place >= 0 && positions[place] === focused ? `${place + 1} of ` : ''
  const shown = positions.length < total ? `, the first ${positions.length} can be gone to` : ''
  return `${at}${total} ${total === 1 ? 'match' : 'matches'}${shown}`
}
