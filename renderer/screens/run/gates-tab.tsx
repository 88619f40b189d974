import type { GateState } from '../../../shared/run-state.ts'
import { type GateFacts, tallyGates } from '../../gates/gate-facts.ts'
import { GateList } from '../../gates/gate-list.tsx'
import { EmptyNotice } from '../../parts/empty-notice.tsx'
import { navigate } from '../../route/navigate.ts'
import { type Route, withQuery } from '../../route/route.ts'
import styles from './run-screen.module.css'

interface GatesTabProps {
  readonly route: Route
  readonly gates: readonly GateState[]
}

/** The gates of a run: what each measured, against which limit, and what to do. */
export function GatesTab({ route, gates }: GatesTabProps) {
  if (gates.length === 0) {
    return (
      <EmptyNotice title="No gate was asked yet.">
        <p className="quiet">Gates are judged after planning, before anything is changed.</p>
      </EmptyNotice>
    )
  }
  const facts = gates.map(factsOfState)
  return (
    <section className={styles.part} aria-label="Gates">
      <p className="quiet">{tallyGates(facts)}</p>
      <GateList
        gates={facts}
        selected={route.query.gate ?? null}
        onSelect={gate => navigate(withQuery(route, { gate }), 'replace')}
      />
    </section>
  )
}

function factsOfState({ gate, momentary, answer, durationMs }: GateState): GateFacts {
  return { gate, title: gate.replaceAll('_', ' '), why: '', momentary, answer, durationMs, at: null }
}
