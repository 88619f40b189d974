import type { RunView } from '../../../shared/api/run-view.ts'
import { countOf, listNames } from '../../../shared/plain-words.ts'
import { Button } from '../../parts/button.tsx'
import { NotYetJudgedNotice } from '../../parts/not-yet-judged-notice.tsx'
import { StatusMark } from '../../parts/status-mark.tsx'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import { useRefusals } from './run-controls.tsx'
import styles from './run-screen.module.css'

/** The way back: the proof where a rollback happened, and where none did, that nobody has judged one yet. */
export function RollBackPanel({ view }: { readonly view: RunView }) {
  const { state, summary, rollback } = view
  const refusalOf = useRefusals(view)
  const { proofs } = state
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
      ) : (
        <NotYetJudgedNotice title="The way back" judgement={rollback} />
      )}
      {state.outcome === 'migrated' && !summary.isImported && (
        <div className={styles.actions}>
          <Button kind="danger" refusal={refusalOf('roll_back') ?? rollback.reason} onPress={() => undefined}>
            Roll back{' '}
            {countOf(state.tenants.filter(tenant => tenant.standing === 'committed').length, 'tenant')}
          </Button>
        </div>
      )}
    </section>
  )
}
