import { Command, Keyboard } from 'lucide-react'
import type { ConnectionState } from '../../shared/api/engine-api.ts'
import type { RunControlState } from '../../shared/api/session-view.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { formatKeys } from '../commands/format-keys.ts'
import { Link } from '../route/link.tsx'
import { routeTo } from '../route/route.ts'
import { useDashboard, useDashboardStore } from '../store/dashboard-context.tsx'
import { Button } from '../ui/button.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import styles from './top-bar.module.css'

/** Which project, how the connection is, what runs, and the two doors to everything: palette and help. */
export function TopBar() {
  const store = useDashboardStore()
  const session = useDashboard(state => state.session)
  const connection = useDashboard(state => state.connection)
  const run = session?.activeRuns[0] ?? null
  return (
    <div className={styles.bar}>
      <span className={styles.name}>{session?.project?.name ?? 'Lockstep'}</span>
      {session?.readOnly && <span className={styles.tag}>read only</span>}
      {run && (
        <Link to={routeTo('runs', { id: run.runId })} className={styles.run}>
          <StatusMark
            status={run.control === 'paused' ? 'waiting' : 'running'}
            word={wordOfControl(run.control)}
          />
        </Link>
      )}
      <span className={styles.rest}>
        <StatusMark status={statusOf(connection)} word={wordOf(connection)} />
        <Button
          kind="quiet"
          onPress={() => store.setState({ overlay: 'palette' })}
          label="Show every command"
        >
          <Command size={14} aria-hidden="true" /> <kbd>{formatKeys('$mod+K')}</kbd>
        </Button>
        <Button
          kind="quiet"
          onPress={() => store.setState({ overlay: 'shortcuts' })}
          label="Show keyboard shortcuts"
        >
          <Keyboard size={14} aria-hidden="true" /> <kbd>?</kbd>
        </Button>
      </span>
    </div>
  )
}

function wordOfControl(control: RunControlState): string {
  switch (control) {
    case 'running':
      return 'A run is at work'
    case 'pausing':
      return 'A run is pausing'
    case 'paused':
      return 'A run is paused'
    case 'aborting':
      return 'A run is being aborted'
    default:
      return assertNever(control)
  }
}

function statusOf(connection: ConnectionState): 'passed' | 'running' | 'failed' {
  if (connection.state === 'connected') return 'passed'
  return connection.state === 'connecting' ? 'running' : 'failed'
}

function wordOf(connection: ConnectionState): string {
  switch (connection.state) {
    case 'connected':
      return 'connected'
    case 'connecting':
      return 'connecting'
    case 'lost':
      return 'connection lost'
    case 'closed':
      return 'session over'
    default:
      return assertNever(connection)
  }
}
