import type { RunView } from '../../../shared/api/run-view.ts'
import type { GateState } from '../../../shared/run/run-state.ts'
import { type GateFacts, tallyGates } from '../../gates/gate-facts.ts'
import { GateList } from '../../gates/gate-list.tsx'
import { type ScreenRoute, withQuery } from '../../route/route.ts'
import { navigate } from '../../store/navigate.ts'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import styles from './run-screen.module.css'

interface GatesTabProps {
  readonly route: ScreenRoute
  readonly gates: readonly GateState[]
  /** What each gate is called and why it exists. */
  readonly words: RunView['gateWords']
}

/** The gates of a run: what each measured, against which limit, and what to do. */
export function GatesTab({ route, gates, words }: GatesTabProps) {
  if (gates.length === 0) {
    return (
      <EmptyNotice title="No gate was asked yet.">
        <p className="quiet">Gates are judged after planning, before anything is changed.</p>
      </EmptyNotice>
    )
  }
  const facts = gates.map(gate => factsOfState(gate, words[gate.gate]))
  return (
    <section className={styles.part} aria-label="Gates">
      <h2>{tallyGates(facts)}</h2>
      <GateList
        gates={facts}
        selected={route.query.gate ?? null}
        onSelect={gate => navigate(withQuery(route, { gate }), 'replace')}
      />
    </section>
  )
}

/** A gate that another version judged may have no words here: then its name has to do. */
function factsOfState(state: GateState, words: RunView['gateWords'][string] | undefined): GateFacts {
  const { gate, momentary, answer, durationMs, judgedAt } = state
  const title = words?.title ?? gate.replaceAll('_', ' ')
  return { gate, title, why: words?.why ?? '', momentary, answer, durationMs, at: judgedAt }
}
