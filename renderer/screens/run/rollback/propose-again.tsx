import { useRequest } from '../../../store/use-request.ts'
import { Panel } from '../../../ui/panel.tsx'
import styles from '../run-screen.module.css'
import { canRollBack } from './can-roll-back.ts'
import { ProposeRollback } from './propose-rollback.tsx'

/** The rollback of a run, on the page of a rollback of it that others' sessions have stopped. */
export function ProposeAgain({ runId }: { readonly runId: string }) {
  const undone = useRequest('run.read', { runId }, { when: event => event.type === 'runs.changed' })
  return (
    <Panel title="Roll back again" loadable={undone} waitingFor="the run that was to be undone">
      {view =>
        canRollBack(view) ? (
          <div className={styles.part}>
            <p>
              Others were connected. Propose the rollback again: beside the button that starts it, you can
              choose to end their sessions.
            </p>
            <ProposeRollback view={view} />
          </div>
        ) : (
          <p className="quiet">There is nothing to roll back any more.</p>
        )
      }
    </Panel>
  )
}
