import { type KeyboardEvent, useRef, useState } from 'react'
import type { MigrationGraph, Revision } from '../../shared/plan/migration-graph.ts'
import { countOf } from '../../shared/text/plain-words.ts'
import type { LaneLayout } from './lane-layout.ts'
import { listMarks } from './list-marks.ts'
import type { TenantPlaces } from './place-tenants.ts'
import styles from './revision-graph.module.css'
import { laneGap, RevisionLines, rowHeight } from './revision-lines.tsx'

interface RevisionRowsProps {
  readonly layout: LaneLayout
  readonly bridges: ReadonlySet<string>
  readonly graph: MigrationGraph
  readonly places: TenantPlaces
  readonly targets: readonly string[]
  readonly selected: string | null
  readonly onSelect: (id: string) => void
}

/** The tree as lines, and beside each knot one row that can be pressed; up and down move between rows. */
export function RevisionRows(props: RevisionRowsProps) {
  const { layout, bridges, graph, places, targets, selected, onSelect } = props
  const [current, setCurrent] = useState(0)
  const list = useRef<HTMLOListElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: layout.placed.length - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min(layout.placed.length - 1, to))
    setCurrent(next)
    list.current?.querySelectorAll<HTMLElement>('button')[next]?.focus()
  }
  const indent = (layout.lanes + 1) * laneGap
  return (
    <div className={styles.tree}>
      <RevisionLines layout={layout} bridges={bridges} places={places} targets={targets} />
      <ol ref={list} className={styles.rows} aria-label="Revisions, newest first" onKeyDown={onKeyDown}>
        {layout.placed.map(({ revision, row }) => (
          <li key={revision.id}>
            <button
              type="button"
              className={styles.row}
              style={{ height: rowHeight, paddingInlineStart: indent }}
              tabIndex={row === current ? 0 : -1}
              aria-pressed={revision.id === selected}
              onFocus={() => setCurrent(row)}
              onClick={() => onSelect(revision.id)}
            >
              <RowText
                revision={revision}
                marks={listMarks(revision, graph, targets)}
                tenants={places.atRevision.get(revision.id)?.length ?? 0}
              />
            </button>
          </li>
        ))}
      </ol>
      {places.atBase.length > 0 && (
        <p className={styles.base} style={{ paddingInlineStart: indent }}>
          <span>Before the first revision</span>
          <span className={styles.count}>{countOf(places.atBase.length, 'tenant')}</span>
        </p>
      )}
    </div>
  )
}

interface RowTextProps {
  readonly revision: Revision
  readonly marks: readonly string[]
  readonly tenants: number
}

function RowText({ revision, marks, tenants }: RowTextProps) {
  return (
    <>
      <span className={styles.id} title={revision.id}>
        {revision.id}
      </span>{' '}
      <span className={styles.message} title={revision.message}>
        {revision.message}
      </span>{' '}
      {marks.map(mark => (
        <span key={mark} className={styles.mark} data-mark={mark} title={mark}>
          {mark}{' '}
        </span>
      ))}
      {tenants > 0 && (
        <span className={styles.count} title={countOf(tenants, 'tenant')}>
          {countOf(tenants, 'tenant')}
        </span>
      )}
    </>
  )
}
