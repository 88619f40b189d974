import type { RunView } from '../../../../shared/api/run-view.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from '../run-screen.module.css'
import { canRollBack } from './can-roll-back.ts'
import { ProposeAgain } from './propose-again.tsx'
import { ProposeRollback } from './propose-rollback.tsx'

/** The rollback: the proof where a rollback happened, and where the run committed, what undoing it would cost. */
export function RollBackPanel({ view }: { readonly view: RunView }) {
  const { state, summary, links } = view
  const { proofs } = state
  const undone = links.find(link => link.kind === 'rolls_back')
  const unequal = proofs.filter(proof => !proof.equal)
  return (
    <section className={styles.part} aria-labelledby="run-rollback">
      <h2 id="run-rollback">Roll back</h2>
      {proofs.length > 0 ? (
        <>
          <p>
            <StatusMark
              status={unequal.length === 0 ? 'rolled_back' : 'errored'}
              word={`${proofs.length - unequal.length} of ${countOf(proofs.length, 'tenant')} proven to be as before`}
            />
          </p>
          {unequal.length > 0 && (
            <p>
              Not as before:{' '}
              {listNames(
                unequal.map(({ tenant }) => tenant),
                10,
              )}
              .
            </p>
          )}
          <p className="quiet">
            The fingerprint of each catalog, taken before, was found again.{' '}
            <Link to={routeTo('runs', { id: summary.runId, tab: 'evidence' })}>See the fingerprints</Link>
          </p>
        </>
      ) : canRollBack(view) ? (
        <ProposeRollback view={view} />
      ) : (
        <p className="quiet">There is nothing to roll back here.</p>
      )}
      {links.map(link => (
        <p key={`${link.kind} ${link.runId}`}>
          {link.kind === 'rolls_back' ? 'It undoes ' : 'It was rolled back by '}
          <Link to={routeTo('runs', { id: link.runId })}>{`run ${link.runId}`}</Link>.
        </p>
      ))}
      {undone && state.failure?.kind === 'tenant_in_use' && <ProposeAgain runId={undone.runId} />}
    </section>
  )
}
