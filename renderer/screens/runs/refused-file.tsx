import { type ScreenRoute, withQuery } from '../../route/route.ts'
import { navigate } from '../../store/navigate.ts'
import { Button } from '../../ui/button.tsx'
import styles from '../../ui/failure-notice.module.css'

/** Why a file that was opened or dropped is not shown: in place, until it is put away. */
export function RefusedFile({ route }: { readonly route: ScreenRoute }) {
  const { refused } = route.query
  if (refused === undefined) return null
  return (
    <div className={styles.notice} role="alert">
      <p className={styles.what}>The file was not opened</p>
      <p>{refused}</p>
      <p className="quiet">
        Open the events.jsonl of a run, or what <code>lockstep log --json</code> made.
      </p>
      <div>
        <Button onPress={() => navigate(withQuery(route, { refused: null }), 'replace')}>
          Put this message away
        </Button>
      </div>
    </div>
  )
}
