import { Panel } from '../../../parts/panel.tsx'
import { useRequest } from '../../../store/use-request.ts'
import styles from '../run-screen.module.css'
import { canGoBack } from './can-go-back.ts'
import { WayBack } from './way-back.tsx'

/** The way back of a run, on the page of a rollback of it that others' sessions have stopped. */
export function WayBackAgain({ runId }: { readonly runId: string }) {
  const undone = useRequest('run.read', { runId }, { when: event => event.type === 'runs.changed' })
  return (
    <Panel title="Once more" loadable={undone} waitingFor="the run that was to be undone">
      {view =>
        canGoBack(view) ? (
          <div className={styles.part}>
            <p>
              Others were connected. Look into the way back again: beside the button that rolls back, their
              sessions can be chosen to be ended.
            </p>
            <WayBack view={view} />
          </div>
        ) : (
          <p className="quiet">There is nothing to roll back any more.</p>
        )
      }
    </Panel>
  )
}
