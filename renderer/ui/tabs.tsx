import { useRef } from 'react'
import styles from './tabs.module.css'

interface Tab {
  readonly id: string
  readonly label: string
  readonly count?: number | undefined
}

interface TabsProps {
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly current: string
  readonly onSelect: (id: string) => void
  /** The id of the element that shows the current tab. */
  readonly panelId: string
}

/** Several views of one thing; arrows move between them. */
export function Tabs({ label, tabs, current, onSelect, panelId }: TabsProps) {
  const list = useRef<HTMLDivElement>(null)
  const move = (by: number): void => {
    const index = tabs.findIndex(tab => tab.id === current)
    const next = tabs[(index + by + tabs.length) % tabs.length]
    if (!next) return
    onSelect(next.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus()
  }
  return (
    <div
      className={styles.tabs}
      role="tablist"
      aria-label={label}
      ref={list}
      onKeyDown={event => {
        if (event.key === 'ArrowRight') move(1)
        else if (event.key === 'ArrowLeft') move(-1)
      }}
    >
      {tabs.map(tab => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${panelId}-${tab.id}`}
          data-tab={tab.id}
          aria-selected={tab.id === current}
          aria-controls={panelId}
          tabIndex={tab.id === current ? 0 : -1}
          className={styles.tab}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && <span className={styles.count}> {tab.count}</span>}
        </button>
      ))}
    </div>
  )
}
