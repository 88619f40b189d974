import type { ConnectionState } from '../../shared/api/engine-api.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import { useNow } from '../store/use-now.ts'
import { Age } from '../ui/age.tsx'
import styles from './connection-notice.module.css'

/** Says that what is shown may be old, and what happens about it. Actions are frozen meanwhile by the transport itself. */
export function ConnectionNotice() {
  const connection = useDashboard(state => state.connection)
  if (connection.state === 'connected' || connection.state === 'connecting') return null
  return (
    <div className={styles.notice} role="alert">
      {connection.state === 'lost' ? (
        <Lost connection={connection} />
      ) : (
        <p>{wordsOfEnd(connection.reason)}</p>
      )}
    </div>
  )
}

function Lost({ connection }: { readonly connection: Extract<ConnectionState, { state: 'lost' }> }) {
  const seconds = Math.max(0, Math.ceil((connection.retryAt - useNow()) / 1_000))
  return (
    <p>
      <strong>The connection to the engine is lost.</strong> A run goes on without it. Connecting again
      {seconds > 0 ? ` in ${seconds} s` : ' now'}. <Age at={connection.since} isStale />
    </p>
  )
}

function wordsOfEnd(reason: 'not_signed_in' | 'idle' | 'ended'): string {
  switch (reason) {
    case 'not_signed_in':
      return 'This address has been used already, or its session is over. Take a new one: press Enter in the terminal that serves the dashboard.'
    case 'idle':
      return 'The dashboard ended because it was not used. Start it again: lockstep open'
    case 'ended':
      return 'The dashboard was ended in its terminal. Start it again: lockstep open'
    default:
      return assertNever(reason)
  }
}
