import type { SecretState } from '../../../shared/api/secret-state.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { useRequest } from '../../store/use-request.ts'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { PasswordForm } from './password-form.tsx'
import { listServers } from './password-words.ts'
import styles from './settings.module.css'

/** Which servers of the project have a remembered password; the passwords themselves never come back. */
export function PasswordsTab() {
  const project = useDashboard(state => state.session?.project?.file ?? null)
  const isKnown = useDashboard(state => state.session !== null)
  const secrets = useRequest('secret.state', project === null ? null : {}, {
    when: event => event.type === 'topology.changed' || event.type === 'session.changed',
  })
  if (isKnown && project === null)
    return (
      <EmptyNotice title="No project is open">
        <p>Passwords belong to the servers of a project.</p>
      </EmptyNotice>
    )
  return (
    <div className={styles.part}>
      <p>
        A remembered password is the last one that is looked for: after the project file, PGPASSWORD and the
        password file.
      </p>
      <Panel
        // Another project has other servers.
        key={project}
        title="Servers of this project"
        loadable={secrets}
        waitingFor="the password manager of this machine"
        whenEmpty={sayNothing}
      >
        {state => <Servers state={state} onChanged={secrets.reload} />}
      </Panel>
    </div>
  )
}

/** Why nothing can be remembered; null where something can. */
function sayNothing({ storage, why, servers }: SecretState) {
  if (storage === 'unavailable')
    return (
      <EmptyNotice title="No password is remembered here">
        <p>{`${why.charAt(0).toUpperCase()}${why.slice(1)}.`}</p>
      </EmptyNotice>
    )
  return servers.length === 0 ? <EmptyNotice title="The project declares no server" /> : null
}

interface ServersProps {
  readonly state: SecretState
  readonly onChanged: () => void
}

function Servers({ state, onChanged }: ServersProps) {
  return (
    <ul>
      {listServers(state).map(server => (
        <li key={server.server} className={styles.server}>
          <PasswordForm server={server} onChanged={onChanged} />
        </li>
      ))}
    </ul>
  )
}
